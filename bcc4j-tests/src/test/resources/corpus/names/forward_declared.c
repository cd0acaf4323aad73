// Kernel structs that are only declared and passed on, never looked into.
struct task_struct;
struct kernfs_node;
struct mnt_namespace;
struct opaque { struct mnt_namespace *ns; struct kernfs_node *kn; };
BPF_HASH(calls, void *, u64);

int kprobe__vfs_getattr_nosec(struct pt_regs *ctx, struct path *path, struct kstat *stat) {
    void *key = path;
    calls.increment(key);
    key = (struct opaque *)stat;
    calls.increment(key);
    return 0;
}
