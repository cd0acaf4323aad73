// Functions and maps of the text's own that are called like kernel functions and types.
#include <linux/sched.h>
#include <linux/fs.h>

BPF_HASH(inode, u64);
BPF_HASH(task, u32, u64);
BPF_PERF_OUTPUT(file);

static inline u64 hash(u64 x) { return x * 0x9E3779B97F4A7C15ULL; }
static inline int filter(u32 pid) { return pid & 1; }

int kprobe__vfs_getattr(struct pt_regs *ctx, const struct path *path) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    if (filter(pid))
        return 0;
    u64 number = path->dentry->d_inode->i_ino, h = hash(number);
    inode.increment(number);
    task.update(&pid, &h);
    file.perf_submit(ctx, &h, sizeof(h));
    return 0;
}
