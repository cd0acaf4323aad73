// How many tasks wait for each CPU, at each sample. The CPU's own queue knows all that are ready, in whatever group they are.
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

struct key {
    u64 cpu;
    u64 slot;
};

BPF_HISTOGRAM(lengths, struct key, 10240);

int sample(struct bpf_perf_event_data *ctx) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct key key = {};
    struct cfs_rq *group = 0;
    struct rq *queue = 0;
    u32 pid = 0, ready = 0;
    bpf_probe_read_kernel(&pid, sizeof(pid), &task->pid);
    if (pid) {                  // an idle CPU has none waiting
        bpf_probe_read_kernel(&group, sizeof(group), &task->se.cfs_rq);
        bpf_probe_read_kernel(&queue, sizeof(queue), &group->rq);
        bpf_probe_read_kernel(&ready, sizeof(ready), &queue->nr_running);
        key.slot = ready > 0 ? ready - 1 : 0;
    }
    if (key.slot > 1000)
        key.slot = 1000;
#ifdef BY_CPU
    key.cpu = bpf_get_smp_processor_id();
#endif
    lengths.increment(key);
    return 0;
}
