// The scheduler's own account of a task when it exits: sched_entity, sched_info, switch counts.
#include <linux/sched.h>

struct account { u64 ran_ns, vruntime, switches_voluntary, switches_forced, waited_ns, times; u32 prio, policy; };
BPF_HASH(accounts, u32, struct account);

int kprobe__release_task(struct pt_regs *ctx, struct task_struct *p) {
    u32 pid = p->pid;
    struct account a = {};
    a.ran_ns = p->se.sum_exec_runtime;
    a.vruntime = p->se.vruntime;
    a.switches_voluntary = p->nvcsw;
    a.switches_forced = p->nivcsw;
#ifdef CONFIG_SCHED_INFO
    a.waited_ns = p->sched_info.run_delay;
    a.times = p->sched_info.pcount;
#endif
    a.prio = p->prio;
    a.policy = p->policy;
    if (a.policy == SCHED_IDLE)
        return 0;
    accounts.update(&pid, &a);
    return 0;
}
