// The second argument of a system call's wrapper, by hand: the registers that the first argument points to.
#include <uapi/linux/ptrace.h>

BPF_HASH(signals_sent, int);

// types: on_kill=kprobe
int on_kill(struct pt_regs *ctx) {
#ifdef CONFIG_ARCH_HAS_SYSCALL_WRAPPER
    struct pt_regs *inner = (struct pt_regs *)PT_REGS_PARM1(ctx);
    unsigned long value = 0;
    bpf_probe_read_kernel(&value, sizeof(value), &PT_REGS_PARM2(inner));
    int sig = value;
#else
    int sig = PT_REGS_PARM2(ctx);
#endif
    signals_sent.increment(sig);
    return 0;
}
