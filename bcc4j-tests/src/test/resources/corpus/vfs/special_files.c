// Counts opens of each kind of file, by the bits of its mode.
#include <linux/fs.h>
#include <linux/stat.h>

BPF_ARRAY(opens, u64, 8);

int kprobe__vfs_open(struct pt_regs *ctx, const struct path *path, struct file *file) {
    struct dentry *dentry = path->dentry;
    umode_t mode = dentry->d_inode->i_mode;
    if (S_ISREG(mode))
        opens.increment(0);
    else if (S_ISDIR(mode))
        opens.increment(1);
    else if (S_ISCHR(mode) || S_ISBLK(mode))
        opens.increment(2);
    else if (S_ISFIFO(mode))
        opens.increment(3);
    else if (S_ISSOCK(mode) || S_ISLNK(mode))
        opens.increment(4);
    if (mode & S_ISUID)
        opens.increment(5);
    if (mode & S_IWOTH)
        opens.increment(6);
    return 0;
}
