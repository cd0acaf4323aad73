
struct who {
    u32 pid;
    u32 dev;
    u32 write;
    char comm[16];
};

struct done {
    u64 requests;
    u64 bytes;
    u64 ns;
};

BPF_HASH(io, struct who, struct done);

static void complete(void *ctx, struct request *key, struct start *s, u64 now) {
#ifdef ONLY_PID
    if (s->pid != ONLY_PID)
        return;
#endif
    struct who who = {.pid = s->pid, .dev = key->dev};
    who.write = s->rwbs[0] == 'W' || s->rwbs[1] == 'W';
    __builtin_memcpy(&who.comm, s->comm, sizeof(who.comm));
    struct done zero = {}, *done = io.lookup_or_try_init(&who, &zero);
    if (done) {
        __sync_fetch_and_add(&done->requests, 1);
        __sync_fetch_and_add(&done->bytes, s->bytes);
        __sync_fetch_and_add(&done->ns, now - s->issued);
    }
}
