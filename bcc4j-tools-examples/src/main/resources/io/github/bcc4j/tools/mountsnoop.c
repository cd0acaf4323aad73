// mount(2) and umount(2): who, where, what, and what came of it.
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/ns_common.h>

// The kernel's own struct mnt_namespace is in no header; since 5.11 it begins with this.
struct mounts {
    struct ns_common ns;
};

struct mount_event {
    u64 ns;
    u64 flags;
    u32 pid;
    u32 tid;
    u32 unmount;
    int ret;
    u32 mounts;
    u32 none;
    char comm[16];
    char fs[16];
    char source[128];
    char target[128];
    char data[128];
};

BPF_TABLE("lru_hash", u64, struct mount_event, calls, 1024); // threads
BPF_PERCPU_ARRAY(scratch, struct mount_event, 1);
BPF_PERF_OUTPUT(events);

static struct mount_event *begin(void) {
    int zero = 0;
    struct mount_event *e = scratch.lookup(&zero);
    if (!e || unwanted())
        return 0;
    u64 id = bpf_get_current_pid_tgid();
    __builtin_memset(e, 0, sizeof(*e));
    e->ns = bpf_ktime_get_ns();
    e->pid = id >> 32;
    e->tid = id;
    bpf_get_current_comm(&e->comm, sizeof(e->comm));
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct nsproxy *proxy = 0;
    struct mounts *mounts = 0;
    bpf_probe_read_kernel(&proxy, sizeof(proxy), &task->nsproxy);
    bpf_probe_read_kernel(&mounts, sizeof(mounts), &proxy->mnt_ns);
    bpf_probe_read_kernel(&e->mounts, sizeof(e->mounts), &mounts->ns.inum);
    return e;
}

static int end(void *ctx, long ret) {
    u64 id = bpf_get_current_pid_tgid();
    struct mount_event *e = calls.lookup(&id);
    if (!e)
        return 0;
    e->ret = ret;
    events.perf_submit(ctx, e, sizeof(*e));
    calls.delete(&id);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_mount) {
    struct mount_event *e = begin();
    u64 id = bpf_get_current_pid_tgid();
    if (!e)
        return 0;
    e->flags = args->flags;
    bpf_probe_read_user_str(&e->source, sizeof(e->source), args->dev_name);
    bpf_probe_read_user_str(&e->target, sizeof(e->target), args->dir_name);
    bpf_probe_read_user_str(&e->fs, sizeof(e->fs), args->type);
    bpf_probe_read_user_str(&e->data, sizeof(e->data), args->data);
    calls.update(&id, e);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_mount) { return end(args, args->ret); }

TRACEPOINT_PROBE(syscalls, sys_enter_umount) {
    struct mount_event *e = begin();
    u64 id = bpf_get_current_pid_tgid();
    if (!e)
        return 0;
    e->unmount = 1;
    e->flags = args->flags;
    bpf_probe_read_user_str(&e->target, sizeof(e->target), args->name);
    calls.update(&id, e);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_umount) { return end(args, args->ret); }
