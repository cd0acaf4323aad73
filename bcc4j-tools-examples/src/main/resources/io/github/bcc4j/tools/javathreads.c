// Threads of a JVM that begin and end. HotSpot's texts have a length, and no end.

struct thread_event {
    u64 ns;
    u64 java;
    u64 native_id;
    u32 begins;
    u32 daemon;
    char name[128];
};

BPF_PERCPU_ARRAY(scratch, struct thread_event, 1);
BPF_PERF_OUTPUT(events);

static int thread(struct pt_regs *ctx, u32 begins, u64 name, u64 length, u64 java, u64 native_id, u64 daemon) {
    int zero = 0;
    struct thread_event *e = scratch.lookup(&zero);
    if (!e)
        return 0;
    __builtin_memset(e, 0, sizeof(*e));
    e->ns = bpf_ktime_get_ns();
    e->begins = begins;
    e->java = java;
    e->native_id = native_id;
    e->daemon = daemon & 1;
    if (length > 127)
        length = 127;
    bpf_probe_read_user(&e->name, length & 127, (void *)name);
    events.perf_submit(ctx, e, sizeof(*e));
    return 0;
}

int thread_begins(struct pt_regs *ctx) {
    u64 name = 0, java = 0, native_id = 0;
    u32 length = 0;
    u8 daemon = 0;
    bpf_usdt_readarg(1, ctx, &name);
    bpf_usdt_readarg(2, ctx, &length);
    bpf_usdt_readarg(3, ctx, &java);
    bpf_usdt_readarg(4, ctx, &native_id);
    bpf_usdt_readarg(5, ctx, &daemon);
    return thread(ctx, 1, name, length, java, native_id, daemon);
}

int thread_ends(struct pt_regs *ctx) {
    u64 name = 0, java = 0, native_id = 0;
    u32 length = 0;
    u8 daemon = 0;
    bpf_usdt_readarg(1, ctx, &name);
    bpf_usdt_readarg(2, ctx, &length);
    bpf_usdt_readarg(3, ctx, &java);
    bpf_usdt_readarg(4, ctx, &native_id);
    bpf_usdt_readarg(5, ctx, &daemon);
    return thread(ctx, 0, name, length, java, native_id, daemon);
}
