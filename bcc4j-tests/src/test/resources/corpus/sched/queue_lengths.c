// Length of the run queue, sampled: from the task through its cfs_rq, with that struct's beginning restated.
// types: sample=perf_event
#include <linux/sched.h>
#include <uapi/linux/bpf_perf_event.h>

struct cfs_rq_head {
    struct load_weight load;
    unsigned int queued;        // right behind it since Linux 5.7
};
BPF_HISTOGRAM(lengths);

int sample(struct bpf_perf_event_data *ctx) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct cfs_rq_head *queue = (struct cfs_rq_head *)task->se.cfs_rq;
    unsigned int length = 0;
    bpf_probe_read_kernel(&length, sizeof(length), &queue->queued);
    lengths.increment(length > 0 ? length - 1 : 0);
    return 0;
}
