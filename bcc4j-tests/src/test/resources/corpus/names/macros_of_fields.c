// Macros that stand for member chains, arguments in parentheses, and statement expressions.
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/sched.h>

#define DENTRY_OF(f) (f)->f_path.dentry
#define NAME_OF(d) (d)->d_name.name
#define GET(to, from) bpf_probe_read_kernel(&(to), sizeof(to), &(from))
#define MAX_OF(a, b) ({ typeof(a) a_ = (a); typeof(b) b_ = (b); a_ > b_ ? a_ : b_; })

struct biggest { u64 inode; u64 size; char name[NAME_MAX / 8 + 1]; };
BPF_HASH(biggest, u32, struct biggest);

int kprobe__vfs_llseek(struct pt_regs *ctx, struct file *file, loff_t offset) {
    struct biggest b = {};
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct dentry *dentry = NULL;
    struct inode *inode = NULL;
    const unsigned char *name = NULL;
    u64 size = 0, to = offset;
    GET(dentry, DENTRY_OF(file));
    GET(inode, dentry->d_inode);
    GET(size, inode->i_size);
    GET(b.inode, inode->i_ino);
    GET(name, NAME_OF(dentry));
    b.size = MAX_OF(size, to);
    bpf_probe_read_kernel_str(b.name, sizeof(b.name), name);
    biggest.update(&pid, &b);
    return 0;
}
