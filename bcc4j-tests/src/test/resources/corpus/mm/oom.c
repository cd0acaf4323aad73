// Who is killed when memory runs out, and by whose request: oom_control, mem_cgroup.
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/mm.h>

struct killed { u32 by, victim; u64 pages; s64 adj; char by_comm[TASK_COMM_LEN], victim_comm[TASK_COMM_LEN]; bool in_cgroup; };
BPF_PERF_OUTPUT(kills);

int kprobe__oom_kill_process(struct pt_regs *ctx, struct oom_control *oc, const char *message) {
    struct task_struct *victim = oc->chosen;
    struct killed k = {};
    k.by = bpf_get_current_pid_tgid() >> 32;
    k.victim = victim->tgid;
    k.pages = oc->totalpages;
    k.adj = victim->signal->oom_score_adj;
    k.in_cgroup = oc->memcg != NULL;
    bpf_get_current_comm(&k.by_comm, sizeof(k.by_comm));
    bpf_probe_read_kernel_str(&k.victim_comm, sizeof(k.victim_comm), victim->comm);
    kills.perf_submit(ctx, &k, sizeof(k));
    return 0;
}
