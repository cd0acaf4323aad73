// Whether the one that exits is the group leader, and how many threads are left.
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/ptrace.h>

struct group_exit { u32 tgid, tid; int left, group_code; bool leader; };
BPF_PERF_OUTPUT(exits);

int kprobe__do_exit(struct pt_regs *ctx, long code) {
    struct task_struct *me = (struct task_struct *)bpf_get_current_task();
    struct task_struct *leader = me->group_leader;
    struct group_exit g = {
        .tgid = me->tgid,
        .tid = me->pid,
        .left = me->signal->nr_threads,
        .group_code = me->signal->group_exit_code,
        .leader = me == leader,
    };
    exits.perf_submit(ctx, &g, sizeof(g));
    return 0;
}
