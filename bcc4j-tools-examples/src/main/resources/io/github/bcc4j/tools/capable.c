// Checks of capabilities.

struct check {
    u64 ns;
    u32 pid;
    u32 tid;
    u32 uid;
    int cap;
    int audit;          // -1 where the kernel does not tell
    int insetid;
    char comm[16];
};

BPF_PERF_OUTPUT(events);

static int check(void *ctx, int cap, int audit, int insetid) {
    u64 id = bpf_get_current_pid_tgid();
    if (id >> 32 == SELF || unwanted())
        return 0;
#ifndef ALL
    if (audit == 0)
        return 0;
#endif
    struct check c = {};
    c.ns = bpf_ktime_get_ns();
    c.pid = id >> 32;
    c.tid = id;
    c.uid = bpf_get_current_uid_gid();
    c.cap = cap;
    c.audit = audit;
    c.insetid = insetid;
    bpf_get_current_comm(&c.comm, sizeof(c.comm));
    events.perf_submit(ctx, &c, sizeof(c));
    return 0;
}

#ifdef VIA_cap_capable
// Its last parameter: 2 for what is not to be audited, 4 within a set-id program's start.
int checked(struct pt_regs *ctx) {
    u32 options = PT_REGS_PARM4(ctx);
    return check(ctx, PT_REGS_PARM3(ctx), !(options & 2), !!(options & 4));
}
#else
TRACEPOINT_PROBE(capability, cap_capable) {
    return check(args, args->cap, -1, -1);
}
#endif
