// How full pipes are when they are written: pipe_inode_info through the file's private data.
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/pipe_fs_i.h>
#include <linux/fs.h>

BPF_HISTOGRAM(used);
BPF_ARRAY(full, u64, 1);

int kprobe__pipe_write(struct pt_regs *ctx, struct kiocb *iocb) {
    struct file *file = iocb->ki_filp;
    struct pipe_inode_info *pipe = file->private_data;
    unsigned int head = pipe->head, tail = pipe->tail, most = pipe->max_usage;
    used.increment(head - tail);
    if (head - tail >= most)
        full.increment(0);
    return 0;
}
