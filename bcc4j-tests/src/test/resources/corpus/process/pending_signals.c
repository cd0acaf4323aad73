// What signals wait for a process when it blocks: struct signal_struct, sigset_t.
#include <linux/sched.h>
#include <linux/sched/signal.h>

BPF_HASH(pending, u32, u64);

TRACEPOINT_PROBE(sched, sched_switch) {
    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
    struct signal_struct *signal = t->signal;
    u64 own = 0, shared = 0;
    bpf_probe_read_kernel(&own, sizeof(own), &t->pending.signal);
    bpf_probe_read_kernel(&shared, sizeof(shared), &signal->shared_pending.signal);
    u32 tid = args->prev_pid;
    u64 all = own | shared;
    if (all & (1ULL << (SIGINT - 1) | 1ULL << (SIGUSR1 - 1)))
        pending.update(&tid, &all);
    return 0;
}
