// Whether a disk is read in order: the distance between the end of a request and the next one's start.
#include <linux/blk-mq.h>

struct stream { u64 next, sequential, random; };
BPF_HASH(streams, u32, struct stream);

int kprobe__blk_mq_start_request(struct pt_regs *ctx, struct request *rq) {
    struct request_queue *q = rq->q;
    u32 queue = q->id;
    u64 start = rq->__sector, sectors = rq->__data_len >> SECTOR_SHIFT;
    struct stream fresh = { .next = start }, *s = streams.lookup_or_try_init(&queue, &fresh);
    if (!s)
        return 0;
    if (s->next == start)
        s->sequential++;
    else
        s->random++;
    s->next = start + sectors;
    return 0;
}
