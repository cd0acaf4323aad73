// Signals sent by the kernel or a process: from whom, to whom, what the kernel knows of it.
#include <linux/sched.h>
#include <linux/signal_types.h>
#include <uapi/asm-generic/siginfo.h>

struct sent { u32 from, to; int signal, code; u8 from_kernel; char target[TASK_COMM_LEN]; };
BPF_PERF_OUTPUT(signals);

// types: send=kprobe
int send(struct pt_regs *ctx, int sig, struct kernel_siginfo *info, struct task_struct *to) {
    struct sent s = {};
    s.from = bpf_get_current_pid_tgid() >> 32;
    s.to = to->tgid;
    s.signal = sig;
    if ((unsigned long)info <= 1) {     // SEND_SIG_NOINFO, SEND_SIG_PRIV
        s.from_kernel = (unsigned long)info;
        s.code = s.from_kernel ? SI_KERNEL : SI_USER;
    } else {
        s.code = info->si_code;
    }
    if (sig != SIGKILL && sig != SIGTERM && sig != SIGSEGV)
        return 0;
    bpf_probe_read_kernel_str(&s.target, sizeof(s.target), to->comm);
    signals.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
