// Signals sent by kill(2), and what came of it.

struct sent {
    u64 target;
    u32 signal;
    u32 none;
};

struct kill_event {
    u64 ns;
    u32 pid;
    int target;
    int signal;
    int result;
    char comm[16];
};

BPF_TABLE("lru_hash", u64, struct sent, calls, 10240);      // threads
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(syscalls, sys_enter_kill) {
    if (unwanted())
        return 0;
    struct sent s = {.target = args->pid, .signal = args->sig};
#ifdef ONLY_SIGNAL
    if (s.signal != ONLY_SIGNAL)
        return 0;
#endif
#ifdef ONLY_TARGET
    if ((int)s.target != ONLY_TARGET)
        return 0;
#endif
    u64 id = bpf_get_current_pid_tgid();
    calls.update(&id, &s);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_kill) {
    u64 id = bpf_get_current_pid_tgid();
    struct sent *s = calls.lookup(&id);
    if (!s)
        return 0;
    struct kill_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.pid = id >> 32;
    e.target = s->target;
    e.signal = s->signal;
    e.result = args->ret;
    bpf_get_current_comm(&e.comm, sizeof(e.comm));
    calls.delete(&id);
#ifdef ONLY_FAILED
    if (e.result >= 0)
        return 0;
#endif
    events.perf_submit(args, &e, sizeof(e));
    return 0;
}
