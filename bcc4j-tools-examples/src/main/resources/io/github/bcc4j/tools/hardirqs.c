// Interrupts of devices: how long their handlers take.

struct handler {
    char name[32];
};

struct key {
    struct handler handler;
    u64 slot;
};

struct sum {
    u64 count;
    u64 ns;
};

struct entry {
    u64 ns;
    u64 irq;
    struct handler handler;
};

BPF_PERCPU_ARRAY(entered, struct entry, 1);
BPF_HASH(sums, struct handler, struct sum);
BPF_HISTOGRAM(times, struct key);

TRACEPOINT_PROBE(irq, irq_handler_entry) {
    int zero = 0;
    struct entry e = {.ns = bpf_ktime_get_ns(), .irq = args->irq};
    TP_DATA_LOC_READ_STR(&e.handler.name, name, sizeof(e.handler.name));
    entered.update(&zero, &e);
    return 0;
}

TRACEPOINT_PROBE(irq, irq_handler_exit) {
    int zero = 0;
#ifdef ONLY_CPU
    if (bpf_get_smp_processor_id() != ONLY_CPU)
        return 0;
#endif
    struct entry *e = entered.lookup(&zero);
    if (!e || !e->ns || e->irq != args->irq)
        return 0;
    u64 ns = bpf_ktime_get_ns() - e->ns;
    e->ns = 0;
#ifdef DISTRIBUTION
    struct key key = {.slot = bpf_log2l(ns / UNIT)};
    __builtin_memcpy(&key.handler, &e->handler, sizeof(key.handler));
    times.increment(key);
#else
    struct handler handler = {};
    __builtin_memcpy(&handler, &e->handler, sizeof(handler));
    struct sum nothing = {}, *sum = sums.lookup_or_try_init(&handler, &nothing);
    if (sum) {
        __sync_fetch_and_add(&sum->count, 1);
        __sync_fetch_and_add(&sum->ns, ns);
    }
#endif
    return 0;
}
