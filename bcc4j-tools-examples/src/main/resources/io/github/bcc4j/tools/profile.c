// Where CPUs are, at each sample.
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>

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

int sample(struct bpf_perf_event_data *ctx) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
#ifndef WITH_IDLE
    if (pid == 0)
        return 0;
#endif
    if (unwanted())
        return 0;
    struct where w = {.pid = pid, .kernel = -14, .user = -14};
    bpf_get_current_comm(&w.comm, sizeof(w.comm));
#ifdef KERNEL_STACKS
    w.kernel = stacks.get_stackid(&ctx->regs, 0);
#endif
#ifdef USER_STACKS
    w.user = stacks.get_stackid(&ctx->regs, BPF_F_USER_STACK);
#endif
    u64 zero = 0, *count = counts.lookup_or_try_init(&w, &zero);
    if (count)
        __sync_fetch_and_add(count, 1);
    else
        lost.atomic_increment(0);
    return 0;
}
