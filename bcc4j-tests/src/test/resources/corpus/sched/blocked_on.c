// The kernel function that uninterruptible tasks sleep in, by the first frames of their stack.
#include <linux/sched.h>

BPF_STACK_TRACE(stacks, 1024);
BPF_HASH(blocked, int);

TRACEPOINT_PROBE(sched, sched_switch) {
    if (!(args->prev_state & TASK_UNINTERRUPTIBLE))
        return 0;
    int id = stacks.get_stackid(args, BPF_F_REUSE_STACKID);
    if (id >= 0)
        blocked.increment(id);
    return 0;
}
