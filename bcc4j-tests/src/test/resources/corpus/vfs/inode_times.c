// The day of the last change of files that are removed, from their inode's timestamps.
#include <linux/fs.h>
#include <linux/time64.h>

BPF_HASH(changed_on_day, u64);
BPF_HISTOGRAM(links_left);

int kprobe__vfs_unlink(struct pt_regs *ctx) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
    struct dentry *dentry = (struct dentry *)PT_REGS_PARM3(ctx);
#else
    struct dentry *dentry = (struct dentry *)PT_REGS_PARM2(ctx);
#endif
    struct inode *inode;
    u64 modified = 0;
    u32 links = 0;
    bpf_probe_read_kernel(&inode, sizeof(inode), &dentry->d_inode);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
    bpf_probe_read_kernel(&modified, sizeof(modified), &inode->i_mtime_sec);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
    bpf_probe_read_kernel(&modified, sizeof(modified), &inode->__i_mtime.tv_sec);
#else
    bpf_probe_read_kernel(&modified, sizeof(modified), &inode->i_mtime.tv_sec);
#endif
    bpf_probe_read_kernel(&links, sizeof(links), &inode->__i_nlink);
    u64 day = modified / 86400;
    changed_on_day.increment(day);
    links_left.increment(links);
    return 0;
}
