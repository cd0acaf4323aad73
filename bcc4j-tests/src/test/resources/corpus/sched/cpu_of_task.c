// The processors a task may use, when that is changed: cpumask, as a word of bits.
#include <linux/sched.h>
#include <linux/cpumask.h>

struct affinity { u32 pid; int cpus; u64 first_64; };
BPF_PERF_OUTPUT(affinities);

int kretprobe__sched_setaffinity(struct pt_regs *ctx) {
    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
    struct affinity a = {};
    a.pid = t->pid;
    a.cpus = t->nr_cpus_allowed;
    bpf_probe_read_kernel(&a.first_64, sizeof(a.first_64), &t->cpus_mask);
    affinities.perf_submit(ctx, &a, sizeof(a));
    return 0;
}
