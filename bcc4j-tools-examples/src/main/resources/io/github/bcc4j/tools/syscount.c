// System calls when they return: how many, how long.

struct sum {
    u64 calls;
    u64 ns;
};

BPF_HASH(sums, u32, struct sum);
#ifdef TIMES
BPF_TABLE("lru_hash", u64, u64, entered, 65536);    // threads

TRACEPOINT_PROBE(raw_syscalls, sys_enter) {
    u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
#ifdef ONLY_CALL
    if (args->id != ONLY_CALL)
        return 0;
#endif
    if (!unwanted())
        entered.update(&id, &now);
    return 0;
}
#endif

TRACEPOINT_PROBE(raw_syscalls, sys_exit) {
    u64 id = bpf_get_current_pid_tgid();
#ifdef ONLY_CALL
    if (args->id != ONLY_CALL)
        return 0;
#endif
    if (args->id < 0 || unwanted())
        return 0;
#ifdef ONLY_FAILED
    if (args->ret >= 0)
        return 0;
#endif
#ifdef ONLY_ERROR
    if (args->ret != -ONLY_ERROR)
        return 0;
#endif
#ifdef BY_PROCESS
    u32 key = id >> 32;
#else
    u32 key = args->id;
#endif
    u64 ns = 0;
#ifdef TIMES
    u64 *since = entered.lookup(&id);
    if (!since)
        return 0;
    ns = bpf_ktime_get_ns() - *since;
    entered.delete(&id);
#endif
    struct sum zero = {}, *sum = sums.lookup_or_try_init(&key, &zero);
    if (sum) {
        __sync_fetch_and_add(&sum->calls, 1);
        __sync_fetch_and_add(&sum->ns, ns);
    }
    return 0;
}
