// execve(2) and execveat(2): one event for each argument at entry, one with the result at return.

#define ARG_SIZE 128

struct exec_event {
    u32 pid;
    u32 ppid;
    u32 uid;
    int ret;
    u64 ns;
    u32 done;               // 0: argument, 1: the call has returned
    char comm[16];
    char arg[ARG_SIZE];
};

BPF_PERF_OUTPUT(events);
BPF_PERCPU_ARRAY(scratch, struct exec_event, 1);
BPF_TABLE("lru_hash", u32, u32, parents, 65536);

// The parent of a process, remembered when it was made: no kernel structure has to be known.
TRACEPOINT_PROBE(sched, sched_process_fork) {
    u32 child = args->child_pid, parent = bpf_get_current_pid_tgid() >> 32;
    parents.update(&child, &parent);
    return 0;
}

static int begun(struct exec_event *e) {
    if (!e || unwanted())
        return 0;
#ifdef ONLY_PPID
    if (e->ppid != ONLY_PPID)
        return 0;
#endif
    return 1;
}

static struct exec_event *begin(void) {
    int zero = 0;
    struct exec_event *e = scratch.lookup(&zero);
    if (!e)
        return 0;
    e->pid = bpf_get_current_pid_tgid() >> 32;
    e->uid = bpf_get_current_uid_gid();
    u32 pid = e->pid;
    u32 *parent = parents.lookup(&pid);
    e->ppid = parent ? *parent : 0;
    e->ret = 0;
    e->done = 0;
    e->ns = bpf_ktime_get_ns();
    bpf_get_current_comm(&e->comm, sizeof(e->comm));
    return e;
}

static int entered(void *ctx, const char *file, u64 argv) {
    struct exec_event *e = begin();
    if (!begun(e))
        return 0;
    bpf_probe_read_user_str(e->arg, sizeof(e->arg), file);
    events.perf_submit(ctx, e, sizeof(*e));
#pragma unroll
    for (int i = 1; i < MAX_ARGS; i++) {
        const char *arg = 0;
        bpf_probe_read_user(&arg, sizeof(arg), (void *)(argv + i * sizeof(arg)));
        if (!arg)
            return 0;
        if (bpf_probe_read_user_str(e->arg, sizeof(e->arg), arg) < 0)
            return 0;
        events.perf_submit(ctx, e, sizeof(*e));
    }
    const char *more = 0;
    bpf_probe_read_user(&more, sizeof(more), (void *)(argv + MAX_ARGS * sizeof(more)));
    if (more) {
        __builtin_memcpy(e->arg, "...", 4);
        events.perf_submit(ctx, e, sizeof(*e));
    }
    return 0;
}

static int returned(void *ctx, int ret) {
    struct exec_event *e = begin();
    if (!begun(e))
        return 0;
    e->done = 1;
    e->ret = ret;
    e->arg[0] = 0;
    events.perf_submit(ctx, e, sizeof(*e));
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_execve) {
    return entered(args, args->filename, (u64)args->argv);
}

TRACEPOINT_PROBE(syscalls, sys_exit_execve) {
    return returned(args, args->ret);
}

TRACEPOINT_PROBE(syscalls, sys_enter_execveat) {
    return entered(args, args->filename, (u64)args->argv);
}

TRACEPOINT_PROBE(syscalls, sys_exit_execveat) {
    return returned(args, args->ret);
}
