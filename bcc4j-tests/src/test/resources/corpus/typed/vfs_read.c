// Arguments and result of a function in one program: return.
#include <linux/fs.h>

struct sum { u64 asked, got, failed; };
BPF_HASH(by_device, u32, struct sum);

KRETFUNC_PROBE(vfs_read, struct file *file, char *buf, size_t count, loff_t *pos, ssize_t ret) {
    u32 dev = file->f_inode->i_sb->s_dev;
    struct sum zero = {}, *s = by_device.lookup_or_try_init(&dev, &zero);
    if (!s)
        return 0;
    s->asked += count;
    if (ret < 0)
        s->failed++;
    else
        s->got += ret;
    return 0;
}
