// Which functions serve a file: its operations, compared and counted by address.
#include <linux/fs.h>

typedef ssize_t (*read_fn)(struct kiocb *, struct iov_iter *);
struct functions { u64 open, read_iter, mmap; };
BPF_HASH(by_functions, struct functions);

int kprobe__vfs_open(struct pt_regs *ctx, const struct path *path, struct file *file) {
    struct inode *inode = path->dentry->d_inode;
    const struct file_operations *fop = inode->i_fop;
    read_fn read = fop->read_iter;
    struct functions f = {};
    f.open = (u64)fop->open;
    f.read_iter = (u64)read;
    f.mmap = (u64)fop->mmap;
    by_functions.increment(f);
    return 0;
}
