// Device numbers: inside the kernel, and as stat(2) gives them to programs.
#include <linux/kdev_t.h>
#include <linux/fs.h>
#include <linux/major.h>
#include <linux/cdev.h>

struct special { u32 major, minor, encoded; };
BPF_HASH(opened, struct special);

int kprobe__chrdev_open(struct pt_regs *ctx, struct inode *inode, struct file *filp) {
    dev_t dev = inode->i_rdev;
    struct special d = {};
    d.major = MAJOR(dev);
    d.minor = MINOR(dev);
    if (d.major == MEM_MAJOR || d.major == TTY_MAJOR)
        return 0;
    d.encoded = MKDEV(d.major, d.minor) == dev;
    opened.increment(d);
    return 0;
}
