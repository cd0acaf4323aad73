// How long processors run at which frequency.
#include <uapi/linux/ptrace.h>

struct at { u64 ns; u32 khz; };
struct spent { u32 cpu, khz; };
BPF_HASH(now_at, u32, struct at);
BPF_HASH(ns_at, struct spent);

TRACEPOINT_PROBE(power, cpu_frequency) {
    u32 cpu = args->cpu_id;
    u64 now = bpf_ktime_get_ns();
    struct at *before = now_at.lookup(&cpu);
    if (before) {
        struct spent s = { cpu, before->khz };
        ns_at.increment(s, now - before->ns);
    }
    struct at a = { .ns = now, .khz = args->state };
    now_at.update(&cpu, &a);
    return 0;
}
