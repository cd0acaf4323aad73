// Which terminal a new program runs on.
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/tty.h>

struct on_tty { u32 pid, session; int index; char name[64]; };
BPF_PERF_OUTPUT(started);

int kretprobe__bprm_execve(struct pt_regs *ctx) {
    if (PT_REGS_RC(ctx) != 0)
        return 0;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct tty_struct *tty = task->signal->tty;
    struct on_tty s = {};
    s.pid = task->tgid;
    s.session = task->sessionid;
    if (tty) {
        s.index = tty->index;
        bpf_probe_read_kernel_str(&s.name, sizeof(s.name), tty->name);
    }
    started.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
