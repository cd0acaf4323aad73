// How long the functions take that are probed, below. A function that calls itself is counted for its innermost call.

struct call {
    u64 thread;
    u64 place;
};

struct key {
    u64 place;
    u64 slot;
};

BPF_TABLE("lru_hash", struct call, u64, calls, 65536);
BPF_HISTOGRAM(times, struct key);

static int begins(int place) {
    if (unwanted())
        return 0;
    struct call call = {.thread = bpf_get_current_pid_tgid(), .place = place};
    u64 now = bpf_ktime_get_ns();
    calls.update(&call, &now);
    return 0;
}

static int ends(int place) {
    struct call call = {.thread = bpf_get_current_pid_tgid(), .place = place};
    u64 *since = calls.lookup(&call);
    if (!since)
        return 0;
    struct key key = {.slot = bpf_log2l((bpf_ktime_get_ns() - *since) / UNIT)};
#ifdef BY_FUNCTION
    key.place = place;
#endif
    times.increment(key);
    calls.delete(&call);
    return 0;
}
