// Reads of regular files that took longer than a limit, with the file's name and folder.
// flags: -DLIMIT_US=1000
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/dcache.h>
#include <linux/stat.h>

struct begun { u64 at; struct file *file; size_t count; };
struct slow { u32 pid; u64 us, bytes; char name[DNAME_INLINE_LEN]; char folder[DNAME_INLINE_LEN]; };
BPF_HASH(running, u64, struct begun);
BPF_PERF_OUTPUT(slow_reads);

int kprobe__vfs_read(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count) {
    umode_t mode = file->f_inode->i_mode;
    if (!S_ISREG(mode))
        return 0;
    u64 id = bpf_get_current_pid_tgid();
    struct begun b = {};
    b.at = bpf_ktime_get_ns();
    b.file = file;
    b.count = count;
    running.update(&id, &b);
    return 0;
}

int kretprobe__vfs_read(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    struct begun *b = running.lookup(&id);
    if (!b)
        return 0;
    u64 us = (bpf_ktime_get_ns() - b->at) / 1000;
    if (us >= LIMIT_US) {
        struct dentry *de = b->file->f_path.dentry;
        struct slow s = {};
        s.pid = id >> 32;
        s.us = us;
        s.bytes = b->count;
        bpf_probe_read_kernel_str(&s.name, sizeof(s.name), de->d_name.name);
        bpf_probe_read_kernel_str(&s.folder, sizeof(s.folder), de->d_parent->d_name.name);
        slow_reads.perf_submit(ctx, &s, sizeof(s));
    }
    running.delete(&id);
    return 0;
}
