
struct what {
    u32 dev;
    u32 none;
    char rwbs[8];
};

struct key {
    struct what what;
    u64 slot;
};

struct sum {
    u64 total;
    u64 count;
};

BPF_HISTOGRAM(times, struct key);
#ifdef SUMS
BPF_HASH(sums, struct what, struct sum);
#endif

static void complete(void *ctx, struct request *key, struct start *s, u64 now) {
    u64 ns = now - (QUEUED ? s->queued : s->issued);
    struct key k = {};
#ifdef BY_DISK
    k.what.dev = key->dev;
#endif
#ifdef BY_FLAGS
    __builtin_memcpy(&k.what.rwbs, s->rwbs, sizeof(k.what.rwbs));
#endif
    k.slot = bpf_log2l(ns / UNIT);
    times.increment(k);
#ifdef SUMS
    struct sum zero = {}, *sum = sums.lookup_or_try_init(&k.what, &zero);
    if (sum) {
        __sync_fetch_and_add(&sum->total, ns);
        __sync_fetch_and_add(&sum->count, 1);
    }
#endif
}
