// Sizes of bios as they are submitted, reads and writes apart.
#include <linux/bio.h>
#include <linux/blk_types.h>

BPF_HISTOGRAM(reads);
BPF_HISTOGRAM(writes);
BPF_ARRAY(others, u64, 1);

int kprobe__submit_bio_noacct(struct pt_regs *ctx, struct bio *bio) {
    unsigned int bytes = bio->bi_iter.bi_size;
    unsigned int op = bio->bi_opf & REQ_OP_MASK;
    if (op == REQ_OP_READ)
        reads.increment(bpf_log2l(bytes / 1024));
    else if (op == REQ_OP_WRITE)
        writes.increment(bpf_log2l(bytes / 1024));
    else
        others.increment(0);
    return 0;
}
