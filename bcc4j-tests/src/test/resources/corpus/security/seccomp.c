// System calls that a seccomp filter refuses.
#include <linux/seccomp.h>
#include <uapi/linux/seccomp.h>
#include <linux/sched.h>

struct refused { u32 pid; int nr, signal; u32 action; int mode; };
BPF_PERF_OUTPUT(refused);

int kprobe__seccomp_log(struct pt_regs *ctx, unsigned long syscall, long signr, u32 action, bool requested) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct refused r = {};
    r.pid = task->tgid;
    r.nr = syscall;
    r.signal = signr;
    r.action = action & SECCOMP_RET_ACTION_FULL;
#ifdef CONFIG_SECCOMP
    r.mode = task->seccomp.mode;
#endif
    if (r.action == SECCOMP_RET_ALLOW || r.action == SECCOMP_RET_LOG)
        return 0;
    refused.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
