// Soft interrupts: how long each takes.

struct key {
    u64 vector;
    u64 slot;
};

struct sum {
    u64 count;
    u64 ns;
};

BPF_PERCPU_ARRAY(entered, u64, 1);
BPF_PERCPU_ARRAY(vectors, u32, 1);
BPF_HASH(sums, u32, struct sum);
BPF_HISTOGRAM(times, struct key);

TRACEPOINT_PROBE(irq, softirq_entry) {
    int zero = 0;
    u64 now = bpf_ktime_get_ns();
    u32 vector = args->vec;
    entered.update(&zero, &now);
    vectors.update(&zero, &vector);
    return 0;
}

TRACEPOINT_PROBE(irq, softirq_exit) {
    int zero = 0;
#ifdef ONLY_CPU
    if (bpf_get_smp_processor_id() != ONLY_CPU)
        return 0;
#endif
    u64 *since = entered.lookup(&zero);
    u32 *vector = vectors.lookup(&zero), which = args->vec;
    if (!since || !*since || !vector || *vector != which)
        return 0;
    u64 ns = bpf_ktime_get_ns() - *since, none = 0;
    entered.update(&zero, &none);
#ifdef DISTRIBUTION
    struct key key = {.vector = which, .slot = bpf_log2l(ns / UNIT)};
    times.increment(key);
#else
    struct sum nothing = {}, *sum = sums.lookup_or_try_init(&which, &nothing);
    if (sum) {
        __sync_fetch_and_add(&sum->count, 1);
        __sync_fetch_and_add(&sum->ns, ns);
    }
#endif
    return 0;
}
