// Stacks at the places that are probed, below.

struct where {
    u32 pid;
    u32 none;
    s64 kernel;
    s64 user;
    char comm[16];
};

BPF_HASH(counts, struct where, u64, 40960);
BPF_STACK_TRACE(stacks, STACKS);
BPF_ARRAY(lost, u64, 1);

static int count(void *ctx) {
    if (unwanted())
        return 0;
#ifdef ONLY_CPU
    if (bpf_get_smp_processor_id() != ONLY_CPU)
        return 0;
#endif
    struct where w = {.pid = bpf_get_current_pid_tgid() >> 32, .kernel = -14, .user = -14};
    bpf_get_current_comm(&w.comm, sizeof(w.comm));
#ifdef KERNEL_STACKS
    w.kernel = stacks.get_stackid(ctx, 0);
#endif
#ifdef USER_STACKS
    w.user = stacks.get_stackid(ctx, BPF_F_USER_STACK);
#endif
    u64 zero = 0, *n = counts.lookup_or_try_init(&w, &zero);
    if (n)
        __sync_fetch_and_add(n, 1);
    else
        lost.atomic_increment(0);
    return 0;
}
