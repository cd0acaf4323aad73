// Entry and return of nanosleep(2), attached by the functions' names: how much longer it slept than asked.
#include <uapi/linux/ptrace.h>
#include <linux/time64.h>

struct asked { u64 at, ns; };
BPF_HASH(sleeping, u64, struct asked);
BPF_HISTOGRAM(overslept_us);

int kprobe__sys_clock_nanosleep(struct pt_regs *ctx) {
    struct pt_regs *regs = PT_REGS_SYSCALL_CTX(ctx);
    struct __kernel_timespec ts = {}, *request = NULL;
    u64 flags = 0, id = bpf_get_current_pid_tgid();
    bpf_probe_read_kernel(&flags, sizeof(flags), &PT_REGS_PARM2_SYSCALL(regs));
    bpf_probe_read_kernel(&request, sizeof(request), &PT_REGS_PARM3_SYSCALL(regs));
    if (flags)
        return 0;
    bpf_probe_read_user(&ts, sizeof(ts), request);
    struct asked a = { bpf_ktime_get_ns(), ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec };
    sleeping.update(&id, &a);
    return 0;
}

int kretprobe__sys_clock_nanosleep(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked *a = sleeping.lookup(&id);
    if (!a)
        return 0;
    u64 slept = bpf_ktime_get_ns() - a->at;
    if (PT_REGS_RC(ctx) == 0 && slept > a->ns)
        overslept_us.increment(bpf_log2l((slept - a->ns) / NSEC_PER_USEC));
    sleeping.delete(&id);
    return 0;
}
