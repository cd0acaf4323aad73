// Lines that a shell reads: the string that a function of the program returns.
// types: returned=kprobe
#include <uapi/linux/ptrace.h>

struct line { u32 pid; char text[80]; };
BPF_PERF_OUTPUT(lines);

int returned(struct pt_regs *ctx) {
    if (!PT_REGS_RC(ctx))
        return 0;
    struct line l = {};
    l.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_probe_read_user_str(&l.text, sizeof(l.text), (void *)PT_REGS_RC(ctx));
    lines.perf_submit(ctx, &l, sizeof(l));
    return 0;
}
