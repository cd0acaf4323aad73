// NFS file operations by the server's inode number: nfs_inode around the inode.
#include <linux/fs.h>
#include <linux/nfs_fs.h>

struct opened { u64 fileid; u32 pid; u32 size; };
BPF_PERF_OUTPUT(opened);

#if IS_ENABLED(CONFIG_NFS_FS)
int kprobe__nfs_file_open(struct pt_regs *ctx, struct inode *inode, struct file *filp) {
    struct nfs_inode *nfsi = (struct nfs_inode *)((char *)inode - offsetof(struct nfs_inode, vfs_inode));
    struct opened o = {};
    bpf_probe_read_kernel(&o.fileid, sizeof(o.fileid), &nfsi->fileid);
    u16 size = 0;
    bpf_probe_read_kernel(&size, sizeof(size), &nfsi->fh.size);
    o.size = size;
    o.pid = bpf_get_current_pid_tgid() >> 32;
    opened.perf_submit(ctx, &o, sizeof(o));
    return 0;
}
#endif
