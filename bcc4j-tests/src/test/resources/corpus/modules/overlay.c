// Copies up in overlay file systems: the dentry's name and size of what is copied.
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/limits.h>

struct copied { u32 pid; u64 size; char name[64]; };
BPF_PERF_OUTPUT(copied);

int kprobe__ovl_copy_up_with_data(struct pt_regs *ctx, struct dentry *dentry) {
    struct copied c = {};
    struct inode *inode = dentry->d_inode;
    c.pid = bpf_get_current_pid_tgid() >> 32;
    c.size = inode->i_size;
    bpf_probe_read_kernel_str(&c.name, sizeof(c.name), dentry->d_name.name);
    copied.perf_submit(ctx, &c, sizeof(c));
    return 0;
}
