// A queue and a stack of events.
// kernels: >= 4.20
#include <linux/sched.h>

struct event { u32 pid; u32 what; };
BPF_QUEUE(first_in, struct event, 1024);
BPF_STACK(last_in, struct event, 1024);

TRACEPOINT_PROBE(sched, sched_process_fork) {
    struct event e = { args->child_pid, 1 }, old = {};
    if (first_in.push(&e, BPF_ANY) < 0) {
        first_in.pop(&old);
        first_in.push(&e, 0);
    }
    last_in.push(&e, BPF_EXIST);
    return 0;
}

TRACEPOINT_PROBE(sched, sched_process_exit) {
    struct event top = {};
    u32 tid = bpf_get_current_pid_tgid();
    if (last_in.peek(&top) == 0 && top.pid == tid)
        last_in.pop(&top);
    return 0;
}
