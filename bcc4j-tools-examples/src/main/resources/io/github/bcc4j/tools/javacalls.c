// Calls of Java methods, and what they allocate. HotSpot's texts have a length, and no end.
// With times, a method that calls itself is counted for its innermost call.

struct method {
    char type[80];
    char name[80];
};

struct sum {
    u64 n;
    u64 amount;         // nanoseconds, or bytes
};

struct call {
    u64 thread;
    struct method method;
};

BPF_HASH(sums, struct method, struct sum, 40960);
BPF_TABLE("lru_hash", struct call, u64, calls, 10240);
BPF_PERCPU_ARRAY(scratch, struct call, 1);
BPF_ARRAY(lost, u64, 1);

static void add(struct method *method, u64 amount) {
    struct sum zero = {}, *sum = sums.lookup_or_try_init(method, &zero);
    if (sum) {
        __sync_fetch_and_add(&sum->n, 1);
        __sync_fetch_and_add(&sum->amount, amount);
    } else {
        lost.atomic_increment(0);
    }
}

static void text(char *to, u64 from, u64 length) {
    if (length > 79)
        length = 79;
    bpf_probe_read_user(to, length & 127, (void *)from);
}

static struct call *method(u64 type, u64 type_length, u64 name, u64 name_length) {
    int zero = 0;
    struct call *c = scratch.lookup(&zero);
    if (!c)
        return 0;
    __builtin_memset(c, 0, sizeof(*c));
    c->thread = bpf_get_current_pid_tgid();
    text(c->method.type, type, type_length);
    if (name)
        text(c->method.name, name, name_length);
    return c;
}

#ifdef METHODS
int method_begins(struct pt_regs *ctx) {
    u64 type = 0, name = 0;
    u32 type_length = 0, name_length = 0;
    bpf_usdt_readarg(2, ctx, &type);
    bpf_usdt_readarg(3, ctx, &type_length);
    bpf_usdt_readarg(4, ctx, &name);
    bpf_usdt_readarg(5, ctx, &name_length);
    struct call *c = method(type, type_length, name, name_length);
    if (!c)
        return 0;
#ifdef TIMES
    u64 now = bpf_ktime_get_ns();
    calls.update(c, &now);
#else
    add(&c->method, 0);
#endif
    return 0;
}

#ifdef TIMES
int method_ends(struct pt_regs *ctx) {
    u64 type = 0, name = 0;
    u32 type_length = 0, name_length = 0;
    bpf_usdt_readarg(2, ctx, &type);
    bpf_usdt_readarg(3, ctx, &type_length);
    bpf_usdt_readarg(4, ctx, &name);
    bpf_usdt_readarg(5, ctx, &name_length);
    struct call *c = method(type, type_length, name, name_length);
    if (!c)
        return 0;
    u64 *since = calls.lookup(c);
    if (since) {
        add(&c->method, bpf_ktime_get_ns() - *since);
        calls.delete(c);
    }
    return 0;
}
#endif
#else
int allocated(struct pt_regs *ctx) {
    u64 type = 0, bytes = 0;
    u32 type_length = 0;
    bpf_usdt_readarg(2, ctx, &type);
    bpf_usdt_readarg(3, ctx, &type_length);
    bpf_usdt_readarg(4, ctx, &bytes);
    struct call *c = method(type, type_length, 0, 0);
    if (c)
        add(&c->method, bytes);
    return 0;
}
#endif
