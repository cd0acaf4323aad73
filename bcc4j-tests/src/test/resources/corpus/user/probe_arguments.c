// A function of six arguments, its frame and its return address.
// types: called=kprobe
#include <uapi/linux/ptrace.h>
#include <linux/types.h>

struct call { u64 a[6]; u64 ip, sp, fp, caller; };
BPF_PERF_OUTPUT(calls);

int called(struct pt_regs *ctx) {
    struct call c = {
        .a = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx), PT_REGS_PARM4(ctx), PT_REGS_PARM5(ctx), PT_REGS_PARM6(ctx) },
        .ip = PT_REGS_IP(ctx),
        .sp = PT_REGS_SP(ctx),
        .fp = PT_REGS_FP(ctx),
    };
    bpf_probe_read_user(&c.caller, sizeof(c.caller), (void *)c.sp);
    calls.perf_submit(ctx, &c, sizeof(c));
    return 0;
}
