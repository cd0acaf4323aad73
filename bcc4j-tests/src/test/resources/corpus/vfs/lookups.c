// Names that are looked up and not found, by their folder's inode.
#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/err.h>

struct missed { u64 folder; char name[40]; };
struct asked { struct dentry *dentry; };
BPF_HASH(asking, u32, struct asked);
BPF_HASH(misses, struct missed, u64, 4096);

int kprobe__d_alloc_parallel(struct pt_regs *ctx, struct dentry *parent, const struct qstr *name) {
    struct missed m = {};
    struct inode *folder = parent->d_inode;
    m.folder = folder->i_ino;
    unsigned int length = name->len;
    if (length >= sizeof(m.name))
        return 0;
    bpf_probe_read_kernel_str(&m.name, sizeof(m.name), name->name);
    misses.increment(m);
    return 0;
}
