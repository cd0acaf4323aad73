// Collections of garbage, from begin to end.

struct gc_event {
    u64 begun;
    u64 lasted;
    u32 full;
    u32 none;
};

BPF_HASH(begins, u32, struct gc_event, 1);
BPF_PERF_OUTPUT(events);

int gc_begins(struct pt_regs *ctx) {
    u8 full = 0;
    u32 zero = 0;
    bpf_usdt_readarg(1, ctx, &full);
    struct gc_event e = {.begun = bpf_ktime_get_ns(), .full = full};
    begins.update(&zero, &e);
    return 0;
}

int gc_ends(struct pt_regs *ctx) {
    u32 zero = 0;
    struct gc_event *begun = begins.lookup(&zero);
    if (!begun)
        return 0;
    struct gc_event e = *begun;
    e.lasted = bpf_ktime_get_ns() - e.begun;
    if (e.lasted >= MIN_NS)
        events.perf_submit(ctx, &e, sizeof(e));
    begins.delete(&zero);
    return 0;
}
