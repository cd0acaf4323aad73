// Programs that continue in others by a program array.
// types: dispatch=kprobe, first=kprobe, second=kprobe
#include <uapi/linux/ptrace.h>

enum stage { FIRST, SECOND, STAGES };
BPF_PROG_ARRAY(stages, 10);
BPF_ARRAY(reached, u64, STAGES);
BPF_PERCPU_ARRAY(state, u32, 1);

int dispatch(struct pt_regs *ctx) {
    int zero = 0;
    u32 *s = state.lookup(&zero);
    if (s)
        *s = PT_REGS_PARM1(ctx);
    stages.call(ctx, FIRST);
    bpf_trace_printk("no first stage\n");
    return 0;
}

int first(struct pt_regs *ctx) {
    reached.increment(FIRST);
    stages.call(ctx, SECOND);
    return 0;
}

int second(void *ctx) {
    reached.increment(SECOND);
    return 0;
}
