// stat(2) and its relatives: what was asked for, and what came of it.

struct asked {
    u64 ns;
    u64 path;
};

struct stat_event {
    u64 ns;
    u32 pid;
    int ret;
    char comm[16];
    char path[256];
};

BPF_TABLE("lru_hash", u64, struct asked, calls, 10240);     // threads
BPF_PERCPU_ARRAY(scratch, struct stat_event, 1);
BPF_PERF_OUTPUT(events);

static int entered(const char *path) {
    if (unwanted())
        return 0;
    struct asked a = {.ns = bpf_ktime_get_ns(), .path = (u64)path};
    u64 id = bpf_get_current_pid_tgid();
    calls.update(&id, &a);
    return 0;
}

static int returned(void *ctx, long ret) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked *a = calls.lookup(&id);
    if (!a)
        return 0;
    int zero = 0;
    struct stat_event *e = scratch.lookup(&zero);
#ifdef ONLY_FAILED
    if (ret >= 0)
        e = 0;
#endif
    if (e) {
        e->ns = a->ns;
        e->pid = id >> 32;
        e->ret = ret;
        bpf_get_current_comm(&e->comm, sizeof(e->comm));
        if (bpf_probe_read_user_str(&e->path, sizeof(e->path), (void *)a->path) < 0)
            e->path[0] = 0;
        events.perf_submit(ctx, e, sizeof(*e));
    }
    calls.delete(&id);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_newfstatat) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_exit_newfstatat) { return returned(args, args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_statx) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_exit_statx) { return returned(args, args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_statfs) { return entered(args->pathname); }
TRACEPOINT_PROBE(syscalls, sys_exit_statfs) { return returned(args, args->ret); }
#ifdef HAS_NEWSTAT
TRACEPOINT_PROBE(syscalls, sys_enter_newstat) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_exit_newstat) { return returned(args, args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_newlstat) { return entered(args->filename); }
TRACEPOINT_PROBE(syscalls, sys_exit_newlstat) { return returned(args, args->ret); }
#endif
