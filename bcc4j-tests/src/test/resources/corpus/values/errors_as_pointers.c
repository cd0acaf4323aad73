// Kernel functions that return errors as pointers, and error numbers by name.
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>

BPF_HASH(errors, int);
BPF_ARRAY(fine, u64, 2);

int kretprobe__do_filp_open(struct pt_regs *ctx) {
    struct file *file = (struct file *)PT_REGS_RC(ctx);
    int i = 0;
    if (IS_ERR(file)) {
        int error = PTR_ERR(file);
        if (error == -ENOENT || error == -EINTR || error == -ELOOP)
            return 0;
        errors.increment(error);
        return 0;
    }
    if (IS_ERR_VALUE((unsigned long)file))
        return 0;
    umode_t mode = file->f_inode->i_mode;
    i = (mode & S_IFMT) == S_IFREG;
    fine.increment(i);
    return 0;
}
