// A program for a security hook itself; bcc's LSM_PROBE with typed arguments.
#include <linux/fs.h>
#include <linux/binfmts.h>
#include <linux/errno.h>

LSM_PROBE(bprm_check_security, struct linux_binprm *bprm) {
    u32 uid = bpf_get_current_uid_gid();
    umode_t mode = bprm->file->f_inode->i_mode;
    if (uid == 0 && (mode & S_IWOTH))
        return -EPERM;
    return 0;
}
