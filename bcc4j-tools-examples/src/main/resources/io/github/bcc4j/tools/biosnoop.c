
struct io_event {
    u64 ns;             // when it was complete
    u64 latency;
    u64 queued;         // before it was issued
    u64 sector;
    u32 dev;
    u32 pid;
    u32 bytes;
    u32 none;
    char comm[16];
    char rwbs[8];
};

BPF_PERF_OUTPUT(events);

static void complete(void *ctx, struct request *key, struct start *s, u64 now) {
#ifdef ONLY_PID
    if (s->pid != ONLY_PID)
        return;
#endif
    struct io_event e = {};
    e.ns = now;
    e.latency = now - s->issued;
    e.queued = s->issued - s->queued;
    e.sector = key->sector;
    e.dev = key->dev;
    e.pid = s->pid;
    e.bytes = s->bytes;
    __builtin_memcpy(&e.comm, s->comm, sizeof(e.comm));
    __builtin_memcpy(&e.rwbs, s->rwbs, sizeof(e.rwbs));
    events.perf_submit(ctx, &e, sizeof(e));
}
