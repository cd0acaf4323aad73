// Requests that fill what their queue allows: queue_limits.
#include <linux/blkdev.h>
#include <linux/blk-mq.h>

struct limits { u32 max_sectors, logical_block; u16 max_segments; u64 full, partial; };
BPF_HASH(by_queue, u64, struct limits);

int kprobe__blk_mq_start_request(struct pt_regs *ctx, struct request *rq) {
    struct request_queue *q = rq->q;
    u64 key = (u64)q;
    struct limits l = {}, *v;
    l.max_sectors = q->limits.max_sectors;
    l.logical_block = q->limits.logical_block_size;
    l.max_segments = q->limits.max_segments;
    v = by_queue.lookup_or_try_init(&key, &l);
    if (!v)
        return 0;
    unsigned int sectors = rq->__data_len >> 9;
    if (sectors >= v->max_sectors)
        lock_xadd(&v->full, 1);
    else
        lock_xadd(&v->partial, 1);
    return 0;
}
