// The run queue that a tick is for: struct rq, which no header file of the kernel's defines; real headers can't compile it.
#include <linux/sched.h>

struct queue { u32 running, weight; u64 switches, clock; };
BPF_HASH(queues, u32, struct queue);

// types: on_enqueue=kprobe
int on_enqueue(struct pt_regs *ctx, struct rq *rq, struct task_struct *p) {
    u32 cpu = rq->cpu;
    struct queue q = {};
    q.running = rq->nr_running;
    q.switches = rq->nr_switches;
    q.clock = rq->clock;
    struct cfs_rq *cfs = p->se.cfs_rq;
    if (cfs)
        q.weight = cfs->load.weight;
    queues.update(&cpu, &q);
    return 0;
}
