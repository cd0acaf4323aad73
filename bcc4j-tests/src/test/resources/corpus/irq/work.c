// How long work waits in its queue, by function.
#include <linux/workqueue.h>

BPF_HASH(queued, struct work_struct *, u64);
BPF_HASH(waited, u64);

RAW_TRACEPOINT_PROBE(workqueue_activate_work) {
    struct work_struct *work = (struct work_struct *)ctx->args[0];
    u64 now = bpf_ktime_get_ns();
    queued.update(&work, &now);
    return 0;
}

RAW_TRACEPOINT_PROBE(workqueue_execute_start) {
    struct work_struct *work = (struct work_struct *)ctx->args[0];
    u64 *at = queued.lookup(&work), zero = 0;
    if (!at)
        return 0;
    u64 function = 0;
    bpf_probe_read_kernel(&function, sizeof(function), &work->func);
    u64 *sum = waited.lookup_or_try_init(&function, &zero);
    if (sum)
        *sum += bpf_ktime_get_ns() - *at;
    queued.delete(&work);
    return 0;
}
