// A kernel function with its typed arguments, read without helpers: entry.
#include <linux/fs.h>
#include <linux/dcache.h>

struct removed { u32 pid; u64 inode; char name[32]; };
BPF_PERF_OUTPUT(removed);

KFUNC_PROBE(security_inode_unlink, struct inode *dir, struct dentry *dentry) {
    struct removed r = {};
    r.pid = bpf_get_current_pid_tgid() >> 32;
    r.inode = dentry->d_inode->i_ino;
    bpf_probe_read_kernel_str(r.name, sizeof(r.name), dentry->d_name.name);
    removed.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
