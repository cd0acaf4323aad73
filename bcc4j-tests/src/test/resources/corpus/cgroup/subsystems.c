// The pids controller's limit that a fork runs into: subsys state by index, then container_of by hand.
#include <linux/cgroup-defs.h>
#include <linux/sched.h>

struct refused { u32 pid; u64 serial; };
BPF_PERF_OUTPUT(refused);

#ifdef CONFIG_CGROUP_PIDS
int kretprobe__pids_can_fork(struct pt_regs *ctx) {
    int ret = PT_REGS_RC(ctx);
    if (ret != -EAGAIN)
        return 0;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct css_set *set = task->cgroups;
    struct cgroup_subsys_state *css = NULL;
    bpf_probe_read_kernel(&css, sizeof(css), &set->subsys[pids_cgrp_id]);
    struct refused r = {};
    r.pid = task->tgid;
    bpf_probe_read_kernel(&r.serial, sizeof(r.serial), &css->serial_nr);
    refused.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
#endif
