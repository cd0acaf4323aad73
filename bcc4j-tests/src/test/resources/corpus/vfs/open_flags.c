// Files opened for writing with O_SYNC or O_DIRECT.
#include <linux/fs.h>
#include <uapi/linux/fcntl.h>
#include <uapi/linux/limits.h>

struct opened { u32 pid; u32 flags; fmode_t mode; char name[NAME_MAX + 1]; };
BPF_PERF_OUTPUT(opens);
BPF_PERCPU_ARRAY(slot, struct opened, 1);

int kprobe__do_dentry_open(struct pt_regs *ctx, struct file *f) {
    unsigned int flags = f->f_flags;
    if (!(flags & (O_SYNC | O_DIRECT)) || (flags & O_ACCMODE) == O_RDONLY)
        return 0;
    int i = 0;
    struct opened *o = slot.lookup(&i);
    if (!o)
        return 0;
    o->pid = bpf_get_current_pid_tgid() >> 32;
    o->flags = flags;
    o->mode = f->f_mode;
    const unsigned char *name = f->f_path.dentry->d_name.name;
    bpf_probe_read_kernel_str(o->name, sizeof(o->name), name);
    opens.perf_submit(ctx, o, sizeof(*o));
    return 0;
}
