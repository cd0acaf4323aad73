// Contended kernel locks of any kind by the flags of the tracepoint.
// kernels: >= 5.19
#include <linux/sched.h>

struct kind { u32 flags; int stack; };
struct begun { u64 at; u32 flags; };
BPF_HASH(begun, u32, struct begun);
BPF_HASH(ns_by_kind, struct kind);
BPF_STACK_TRACE(stacks, 2048);

TRACEPOINT_PROBE(lock, contention_begin) {
    u32 tid = bpf_get_current_pid_tgid();
    struct begun b = {};
    b.at = bpf_ktime_get_ns();
    b.flags = args->flags;
    begun.update(&tid, &b);
    return 0;
}

TRACEPOINT_PROBE(lock, contention_end) {
    u32 tid = bpf_get_current_pid_tgid();
    struct begun *b = begun.lookup(&tid);
    if (!b)
        return 0;
    struct kind k = {};
    k.flags = b->flags;
    k.stack = stacks.get_stackid(args, 0);
    ns_by_kind.increment(k, bpf_ktime_get_ns() - b->at);
    begun.delete(&tid);
    return 0;
}
