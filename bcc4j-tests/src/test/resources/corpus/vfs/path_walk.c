// The last parts of a file's path, from the dentry upwards to its root.
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/path.h>

#define PARTS 6
struct deleted { u32 pid; u32 parts; char part[PARTS][32]; };
BPF_PERF_OUTPUT(removed);
BPF_PERCPU_ARRAY(heap, struct deleted, 1);

int kprobe__security_path_unlink(struct pt_regs *ctx, const struct path *dir, struct dentry *dentry) {
    int zero = 0;
    struct deleted *d = heap.lookup(&zero);
    if (!d)
        return 0;
    d->pid = bpf_get_current_pid_tgid() >> 32;
    d->parts = 0;
    struct dentry *at = dentry;
#pragma unroll
    for (int i = 0; i < PARTS; i++) {
        struct qstr name = {};
        struct dentry *up = NULL;
        bpf_probe_read_kernel(&name, sizeof(name), &at->d_name);
        bpf_probe_read_kernel_str(d->part[i], sizeof(d->part[i]), name.name);
        d->parts = i + 1;
        bpf_probe_read_kernel(&up, sizeof(up), &at->d_parent);
        if (up == at)
            break;
        at = up;
    }
    removed.perf_submit(ctx, d, sizeof(*d));
    return 0;
}
