// Who wakes whom: the names of the current task and of the woken one.
#include <linux/sched.h>

struct pair { char waker[TASK_COMM_LEN], woken[TASK_COMM_LEN]; int target_cpu; };
BPF_HASH(pairs, struct pair);

TRACEPOINT_PROBE(sched, sched_waking) {
    struct pair p = {};
    bpf_get_current_comm(&p.waker, sizeof(p.waker));
    bpf_probe_read_kernel_str(&p.woken, sizeof(p.woken), args->comm);
    p.target_cpu = args->target_cpu;
    pairs.increment(p);
    return 0;
}
