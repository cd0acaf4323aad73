// User stacks as build ids and offsets, so that they can be named elsewhere.
// types: sample=perf_event
#include <uapi/linux/bpf_perf_event.h>
#include <uapi/linux/bpf.h>

BPF_STACK_TRACE_BUILDID(stacks, 4096);
BPF_HASH(counts, int);

int sample(struct bpf_perf_event_data *ctx) {
    int id = stacks.get_stackid(&ctx->regs, BPF_F_USER_STACK);
    if (id >= 0)
        counts.increment(id);
    return 0;
}
