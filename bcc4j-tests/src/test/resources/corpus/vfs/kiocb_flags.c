// Direct and asynchronous I/O by generic_file_read_iter(): struct kiocb, iov_iter.
#include <linux/fs.h>
#include <linux/uio.h>

struct kind { bool direct, nowait, sync; };
BPF_HASH(kinds, struct kind, u64);
BPF_HISTOGRAM(sizes);

int kprobe__generic_file_read_iter(struct pt_regs *ctx, struct kiocb *iocb, struct iov_iter *to) {
    int flags = iocb->ki_flags;
    size_t bytes = to->count;
    struct kind k = {};
    k.direct = (flags & IOCB_DIRECT) != 0;
    k.nowait = (flags & IOCB_NOWAIT) != 0;
    k.sync = iocb->ki_complete == NULL;
    kinds.increment(k);
    sizes.increment(bpf_log2l(bytes));
    return 0;
}
