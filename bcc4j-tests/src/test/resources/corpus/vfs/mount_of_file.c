// Whether a written file lies on a read-only or a detached mount: container_of over vfsmount.
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/path.h>

BPF_HASH(flags_seen, u32, u64);

int kprobe__vfs_fsync_range(struct pt_regs *ctx, struct file *file, loff_t start, loff_t end, int datasync) {
    struct vfsmount *mnt = file->f_path.mnt;
    struct dentry *root = mnt->mnt_root;
    u32 flags = mnt->mnt_flags;
    struct dentry *mine = file->f_path.dentry;
    if (mine == root)
        return 0;
    flags &= MNT_NOSUID | MNT_NODEV | MNT_NOEXEC | MNT_READONLY;
    flags_seen.increment(flags);
    return 0;
}
