// How many requests are at the device at a time, per queue.
#include <linux/blk-mq.h>

struct depth { u64 now, most; };
BPF_HASH(depths, struct request_queue *, struct depth, 512);

static void step(struct request *rq, int by) {
    struct request_queue *q = rq->q;
    struct depth zero = {};
    struct depth *d = depths.lookup_or_try_init(&q, &zero);
    if (!d)
        return;
    d->now += by;
    if (d->now > d->most)
        d->most = d->now;
}

RAW_TRACEPOINT_PROBE(block_rq_issue) {
    struct request *rq = (void *)ctx->args[0];
    struct request_queue *q = NULL;
    bpf_probe_read_kernel(&q, sizeof(q), &rq->q);
    struct depth zero = {}, *d = depths.lookup_or_try_init(&q, &zero);
    if (d && ++d->now > d->most)
        d->most = d->now;
    return 0;
}

RAW_TRACEPOINT_PROBE(block_rq_complete) {
    struct request *rq = (void *)ctx->args[0];
    struct request_queue *q = NULL;
    bpf_probe_read_kernel(&q, sizeof(q), &rq->q);
    struct depth *d = depths.lookup(&q);
    if (d && d->now)
        d->now--;
    return 0;
}
