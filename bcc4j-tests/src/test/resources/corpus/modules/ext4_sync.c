// Latency of ext4's fsync, by file name.
#include <linux/fs.h>
#include <linux/dcache.h>
#include <linux/sched.h>

struct started { u64 at; struct file *file; };
struct done { u64 us; u32 pid; char comm[TASK_COMM_LEN]; char name[DNAME_INLINE_LEN]; };
BPF_HASH(running, u32, struct started);
BPF_PERF_OUTPUT(done);

int kprobe__ext4_sync_file(struct pt_regs *ctx, struct file *file) {
    u32 tid = bpf_get_current_pid_tgid();
    struct started s = {};
    s.at = bpf_ktime_get_ns();
    s.file = file;
    running.update(&tid, &s);
    return 0;
}

int kretprobe__ext4_sync_file(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    u32 tid = id;
    struct started *s = running.lookup(&tid);
    if (!s)
        return 0;
    struct done d = {};
    d.us = (bpf_ktime_get_ns() - s->at) / 1000;
    d.pid = id >> 32;
    struct file *file = s->file;
    struct dentry *dentry = file->f_path.dentry;
    struct qstr name = dentry->d_name;
    if (name.len)
        bpf_probe_read_kernel_str(&d.name, sizeof(d.name), name.name);
    bpf_get_current_comm(&d.comm, sizeof(d.comm));
    done.perf_submit(ctx, &d, sizeof(d));
    running.delete(&tid);
    return 0;
}
