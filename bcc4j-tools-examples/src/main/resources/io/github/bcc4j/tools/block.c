// Requests of block devices, from when they are queued or issued to when they are complete: by device and sector, as tracepoints tell.

struct request {
    u64 sector;
    u32 dev;
    u32 none;
};

struct start {
    u64 queued;
    u64 issued;
    u32 pid;
    u32 bytes;
    char comm[16];
    char rwbs[8];
};

BPF_TABLE("lru_hash", struct request, struct start, starts, 65536);

static void begin(u32 dev, u64 sector, u32 bytes, const char *rwbs, int issued) {
#ifdef ONLY_DEV
    if (dev != ONLY_DEV)
        return;
#endif
    struct request key = {.sector = sector, .dev = dev};
    u64 now = bpf_ktime_get_ns();
    struct start *known = starts.lookup(&key);
    if (known && issued && !known->issued) { // it is as who queued it said
        known->issued = now;
        return;
    }
    struct start s = {};
    s.queued = now;
    s.issued = issued ? now : 0;
    s.pid = bpf_get_current_pid_tgid() >> 32;
    s.bytes = bytes;
    bpf_get_current_comm(&s.comm, sizeof(s.comm));
    bpf_probe_read_kernel(&s.rwbs, sizeof(s.rwbs), rwbs);
    starts.update(&key, &s);
}

TRACEPOINT_PROBE(block, block_rq_insert) {
    begin(args->dev, args->sector, args->bytes, args->rwbs, 0);
    return 0;
}

TRACEPOINT_PROBE(block, block_rq_issue) {
    begin(args->dev, args->sector, args->bytes, args->rwbs, 1);
    return 0;
}

static void complete(void *ctx, struct request *key, struct start *s, u64 now);

TRACEPOINT_PROBE(block, block_rq_complete) {
    struct request key = {.sector = args->sector, .dev = args->dev};
    struct start *s = starts.lookup(&key);
    if (s && s->issued) {
        complete(args, &key, s, bpf_ktime_get_ns());
        starts.delete(&key);
    }
    return 0;
}
