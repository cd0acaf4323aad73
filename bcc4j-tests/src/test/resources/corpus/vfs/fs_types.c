// Bytes written by file system type and device.
#include <linux/fs.h>
#include <linux/kdev_t.h>

struct which { u32 major, minor; char type[16]; };
BPF_HASH(written, struct which);

int kprobe__vfs_write(struct pt_regs *ctx, struct file *file, const char __user *buf, size_t count, loff_t *pos) {
    struct super_block *sb = file->f_inode->i_sb;
    dev_t dev = sb->s_dev;
    struct which k = {};
    k.major = MAJOR(dev);
    k.minor = MINOR(dev);
    bpf_probe_read_kernel_str(&k.type, sizeof(k.type), sb->s_type->name);
    u64 zero = 0, *sum = written.lookup_or_try_init(&k, &zero);
    if (sum)
        __sync_fetch_and_add(sum, count);
    return 0;
}
