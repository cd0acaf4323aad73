// The name a file is opened by, from struct filename, and the file that came of it.
#include <linux/fs.h>
#include <linux/err.h>

struct opened { u32 pid; int error; u64 inode; char name[64]; };
BPF_PERF_OUTPUT(opened);

KRETFUNC_PROBE(do_filp_open, int dfd, struct filename *pathname, const void *op, struct file *ret) {
    struct opened o = {};
    o.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_probe_read_kernel_str(o.name, sizeof(o.name), pathname->name);
    if (IS_ERR_VALUE((unsigned long)ret))
        o.error = -(long)ret;
    else
        bpf_probe_read_kernel(&o.inode, sizeof(o.inode), &ret->f_inode->i_ino);
    opened.perf_submit(ctx, &o, sizeof(o));
    return 0;
}
