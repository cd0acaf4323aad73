// Storage that belongs to tasks, sockets and inodes: declared, and used by typed programs only.
#include <linux/fs.h>
#include <uapi/linux/bpf.h>

struct note { u64 seen; };
BPF_INODE_STORAGE(inode_notes, struct note);
BPF_TASK_STORAGE(task_notes, struct note);

LSM_PROBE(inode_unlink, struct inode *dir, struct dentry *dentry) {
    struct note *n = inode_notes.inode_storage_get(dir, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
    if (n)
        n->seen++;
    return 0;
}
