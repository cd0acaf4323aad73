// Latency of block requests by disk and operation.
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/time64.h>

struct slot_of { char disk[DISK_NAME_LEN]; u32 op; u64 slot; };
BPF_HASH(issued, struct request *, u64);
BPF_HISTOGRAM(latency, struct slot_of);

// types: begin=kprobe, end=kprobe
int begin(struct pt_regs *ctx, struct request *rq) {
    u64 now = bpf_ktime_get_ns();
    issued.update(&rq, &now);
    return 0;
}

int end(struct pt_regs *ctx, struct request *rq) {
    u64 *since = issued.lookup(&rq);
    if (!since)
        return 0;
    struct slot_of k = {};
    k.slot = bpf_log2l((bpf_ktime_get_ns() - *since) / NSEC_PER_USEC);
    k.op = rq->cmd_flags & REQ_OP_MASK;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
    struct gendisk *disk = rq->q->disk;
#else
    struct gendisk *disk = rq->rq_disk;
#endif
    bpf_probe_read_kernel_str(&k.disk, sizeof(k.disk), disk->disk_name);
    latency.increment(k);
    issued.delete(&rq);
    return 0;
}
