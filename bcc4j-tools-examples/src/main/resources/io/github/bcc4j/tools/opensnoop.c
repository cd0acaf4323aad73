// open(2), openat(2), openat2(2): what was asked at entry, what came of it at return.

struct asked {
    u64 ns;
    const char *path;
    int flags;
};

struct open_event {
    u64 ns;
    u32 pid;
    u32 tid;
    u32 uid;
    int ret;
    int flags;
    char comm[16];
    char path[256];
};

BPF_PERF_OUTPUT(events);
BPF_HASH(calls, u64, struct asked);
BPF_PERCPU_ARRAY(scratch, struct open_event, 1);

static int entered(const char *path, int flags) {
    u64 id = bpf_get_current_pid_tgid();
    if (unwanted())
        return 0;
#ifdef ANY_FLAG
    if (!(flags & ANY_FLAG))
        return 0;
#endif
    struct asked a = {};
    a.ns = bpf_ktime_get_ns();
    a.path = path;
    a.flags = flags;
    calls.update(&id, &a);
    return 0;
}

static int returned(void *ctx, long ret) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked *a = calls.lookup(&id);
    if (!a)
        return 0;
    int zero = 0;
    struct open_event *e = scratch.lookup(&zero);
#ifdef ONLY_FAILED
    if (ret >= 0)
        e = 0;
#endif
    if (e) {
        e->ns = a->ns;
        e->pid = id >> 32;
        e->tid = id;
        e->uid = bpf_get_current_uid_gid();
        e->ret = ret;
        e->flags = a->flags;
        bpf_get_current_comm(&e->comm, sizeof(e->comm));
        // At return the path has been read by the kernel, so it is in memory.
        if (bpf_probe_read_user_str(e->path, sizeof(e->path), a->path) < 0)
            e->path[0] = 0;
        events.perf_submit(ctx, e, sizeof(*e));
    }
    calls.delete(&id);
    return 0;
}

#ifdef HAS_OPEN
TRACEPOINT_PROBE(syscalls, sys_enter_open) {
    return entered(args->filename, args->flags);
}

TRACEPOINT_PROBE(syscalls, sys_exit_open) {
    return returned(args, args->ret);
}
#endif

TRACEPOINT_PROBE(syscalls, sys_enter_openat) {
    return entered(args->filename, args->flags);
}

TRACEPOINT_PROBE(syscalls, sys_exit_openat) {
    return returned(args, args->ret);
}

#ifdef HAS_OPENAT2
TRACEPOINT_PROBE(syscalls, sys_enter_openat2) {
    u64 flags = 0;              // the first word of struct open_how
    bpf_probe_read_user(&flags, sizeof(flags), (void *)args->how);
    return entered(args->filename, flags);
}

TRACEPOINT_PROBE(syscalls, sys_exit_openat2) {
    return returned(args, args->ret);
}
#endif
