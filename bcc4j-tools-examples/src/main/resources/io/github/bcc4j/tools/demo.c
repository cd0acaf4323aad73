// Every clone(2): who, and how long it took.

struct event {
    u32 pid;
    u32 child;
    u64 ns;
    char comm[16];
};

BPF_HASH(started, u64, u64);
BPF_HASH(clones, u32, u64);
BPF_HISTOGRAM(usecs);
BPF_PERF_OUTPUT(events);

int clone_entered(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
    started.update(&id, &now);
    return 0;
}

int clone_returned(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    u64 *since = started.lookup(&id);
    if (!since)
        return 0;
    struct event e = {};
    e.pid = id >> 32;
    e.child = PT_REGS_RC(ctx);
    e.ns = bpf_ktime_get_ns() - *since;
    bpf_get_current_comm(&e.comm, sizeof(e.comm));
    clones.increment(e.pid);
    usecs.increment(bpf_log2l(e.ns / 1000));
    events.perf_submit(ctx, &e, sizeof(e));
    started.delete(&id);
    return 0;
}
