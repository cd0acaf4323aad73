// The path of a mount by struct mount, which is private to fs/: BTF has it, header files do not.
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/dcache.h>

struct where { int id; u32 namespace; char device[32], mountpoint[32]; };
BPF_HASH(written, struct where);

int kprobe__mnt_want_write_file(struct pt_regs *ctx, struct file *file) {
    struct vfsmount *vfsmnt = file->f_path.mnt;
    struct mount *mnt = (struct mount *)((char *)vfsmnt - offsetof(struct mount, mnt));
    struct mnt_namespace *ns = NULL;
    struct dentry *point = NULL;
    const unsigned char *name = NULL;
    const char *device = NULL;
    struct where w = {};
    bpf_probe_read_kernel(&w.id, sizeof(w.id), &mnt->mnt_id);
    bpf_probe_read_kernel(&ns, sizeof(ns), &mnt->mnt_ns);
    bpf_probe_read_kernel(&w.namespace, sizeof(w.namespace), &ns->ns.inum);
    bpf_probe_read_kernel(&point, sizeof(point), &mnt->mnt_mountpoint);
    bpf_probe_read_kernel(&name, sizeof(name), &point->d_name.name);
    bpf_probe_read_kernel(&device, sizeof(device), &mnt->mnt_devname);
    bpf_probe_read_kernel_str(w.device, sizeof(w.device), device);
    bpf_probe_read_kernel_str(w.mountpoint, sizeof(w.mountpoint), name);
    written.increment(w);
    return 0;
}
