// Tasks that move between processors, from where to where.
#include <linux/sched.h>

struct move { u32 from, to; };
BPF_HASH(moves, struct move);
BPF_HASH(movers, u32);

TRACEPOINT_PROBE(sched, sched_migrate_task) {
    struct move m = { args->orig_cpu, args->dest_cpu };
    u32 pid = args->pid;
    moves.increment(m);
    movers.increment(pid);
    return 0;
}
