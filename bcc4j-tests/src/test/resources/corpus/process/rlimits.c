// Limits of a process whose allocation of memory or files fails.
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <uapi/asm-generic/resource.h>

struct limit { u64 soft, hard; };
BPF_HASH(file_limits, u32, struct limit);

int kretprobe__alloc_fd(struct pt_regs *ctx) {
    int fd = PT_REGS_RC(ctx);
    if (fd != -EMFILE)
        return 0;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct signal_struct *signal = task->signal;
    struct rlimit r = {};
    bpf_probe_read_kernel(&r, sizeof(r), &signal->rlim[RLIMIT_NOFILE]);
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct limit l = { r.rlim_cur, r.rlim_max };
    file_limits.update(&pid, &l);
    return 0;
}
