// Accesses to files that are only root's, asked of the security hooks.
#include <linux/fs.h>
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/uidgid.h>

struct access { u32 uid; u32 mask; u64 inode; };
BPF_HASH(accesses, struct access);

int kprobe__security_file_permission(struct pt_regs *ctx, struct file *file, int mask) {
    struct inode *inode = file->f_inode;
    kuid_t owner = inode->i_uid;
    umode_t mode = inode->i_mode;
    if (owner.val != 0 || (mode & (S_IRWXG | S_IRWXO)))
        return 0;
    struct access a = {};
    a.uid = bpf_get_current_uid_gid();
    a.mask = mask & (MAY_READ | MAY_WRITE | MAY_EXEC);
    a.inode = inode->i_ino;
    accesses.increment(a);
    return 0;
}
