// Changes of priority: nice values from a task's static priority, and real-time policies.
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/sched/rt.h>

struct renice { u32 by, pid; int before, after; };
BPF_PERF_OUTPUT(renices);

int kprobe__set_user_nice(struct pt_regs *ctx, struct task_struct *p, long nice) {
    struct renice r = {};
    r.by = bpf_get_current_pid_tgid() >> 32;
    r.pid = p->pid;
    int static_prio = p->static_prio;
    r.before = PRIO_TO_NICE(static_prio);
    r.after = nice;
    if (static_prio < MAX_RT_PRIO)
        return 0;
    renices.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
