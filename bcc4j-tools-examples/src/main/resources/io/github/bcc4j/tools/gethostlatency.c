// Calls of the C library that look up host names, and how long they take.

struct lookup {
    u64 ns;
    u64 name;
};

struct lookup_event {
    u64 ns;
    u64 lasted;
    u32 pid;
    u32 none;
    char comm[16];
    char host[80];
};

BPF_TABLE("lru_hash", u64, struct lookup, lookups, 10240);  // by thread
BPF_PERF_OUTPUT(events);

int called(struct pt_regs *ctx) {
    if (unwanted() || !PT_REGS_PARM1(ctx))
        return 0;
    struct lookup l = {.ns = bpf_ktime_get_ns(), .name = PT_REGS_PARM1(ctx)};
    u64 thread = bpf_get_current_pid_tgid();
    lookups.update(&thread, &l);
    return 0;
}

int returned(struct pt_regs *ctx) {
    u64 thread = bpf_get_current_pid_tgid();
    struct lookup *l = lookups.lookup(&thread);
    if (!l)
        return 0;
    struct lookup_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.lasted = e.ns - l->ns;
    e.pid = thread >> 32;
    bpf_get_current_comm(&e.comm, sizeof(e.comm));
    bpf_probe_read_user_str(&e.host, sizeof(e.host), (void *)l->name);
    events.perf_submit(ctx, &e, sizeof(e));
    lookups.delete(&thread);
    return 0;
}
