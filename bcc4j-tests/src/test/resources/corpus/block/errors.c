// Requests that end in an error, by its status.
#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/blk-mq.h>

struct failure { u64 sector; u32 status; u32 op; u8 timed_out; char disk[32]; };
BPF_PERF_OUTPUT(failures);

int kprobe__blk_update_request(struct pt_regs *ctx, struct request *rq, blk_status_t status, unsigned int bytes) {
    if (status == BLK_STS_OK)
        return 0;
    struct failure f = {};
    f.sector = rq->__sector;
    f.status = status;
    f.op = rq->cmd_flags & REQ_OP_MASK;
    f.timed_out = status == BLK_STS_TIMEOUT || status == BLK_STS_IOERR;
    struct block_device *part = rq->part;
    if (part)
        bpf_probe_read_kernel_str(&f.disk, sizeof(f.disk), part->bd_disk->disk_name);
    failures.perf_submit(ctx, &f, sizeof(f));
    return 0;
}
