// Flushes and forced unit access: the flags of requests.
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/blk_types.h>

enum { PREFLUSH, FUA, SYNC, META, READAHEAD, N };
BPF_ARRAY(flag_counts, u64, N);

// types: on_insert=kprobe
int on_insert(struct pt_regs *ctx, struct request *rq) {
    u32 flags = rq->cmd_flags;
    if (flags & REQ_PREFLUSH)
        flag_counts.increment(PREFLUSH);
    if (flags & REQ_FUA)
        flag_counts.increment(FUA);
    if (flags & REQ_SYNC)
        flag_counts.increment(SYNC);
    if (flags & REQ_META)
        flag_counts.increment(META);
    if (flags & REQ_RAHEAD)
        flag_counts.increment(READAHEAD);
    return 0;
}
