// References to the last-level cache by process, weighted with the sampling period.
// types: on_reference=perf_event, on_miss=perf_event
#include <linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>

struct where { int cpu; u32 pid; char name[16]; };
BPF_HASH(references, struct where);
BPF_HASH(misses, struct where);

static inline void fill(struct where *w) {
    w->cpu = bpf_get_smp_processor_id();
    w->pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(&(w->name), sizeof(w->name));
}

int on_reference(struct bpf_perf_event_data *ctx) {
    struct where w = {};
    fill(&w);
    references.increment(w, ctx->sample_period);
    return 0;
}

int on_miss(struct bpf_perf_event_data *ctx) {
    struct where w = {};
    fill(&w);
    misses.increment(w, ctx->sample_period);
    return 0;
}
