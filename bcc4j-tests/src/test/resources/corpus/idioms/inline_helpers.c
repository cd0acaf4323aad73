// Static and inline helpers of our own, with pointers to kernel structs as arguments.
#include <linux/sched.h>
#include <linux/cred.h>

struct about { u32 pid, uid, parent; bool kernel; };
BPF_PERF_OUTPUT(abouts);

static __always_inline u32 uid_of(struct task_struct *task) {
    const struct cred *cred = NULL;
    u32 uid = -1;
    bpf_probe_read_kernel(&cred, sizeof(cred), &task->cred);
    bpf_probe_read_kernel(&uid, sizeof(uid), &cred->uid);
    return uid;
}

static inline void describe(struct task_struct *task, struct about *a) {
    struct task_struct *parent = NULL;
    unsigned int flags = 0;
    bpf_probe_read_kernel(&a->pid, sizeof(a->pid), &task->tgid);
    bpf_probe_read_kernel(&parent, sizeof(parent), &task->real_parent);
    bpf_probe_read_kernel(&a->parent, sizeof(a->parent), &parent->tgid);
    bpf_probe_read_kernel(&flags, sizeof(flags), &task->flags);
    a->uid = uid_of(task);
    a->kernel = !!(flags & PF_KTHREAD);
}

int kprobe__wake_up_new_task(struct pt_regs *ctx, struct task_struct *p) {
    struct about a = {};
    describe(p, &a);
    abouts.perf_submit(ctx, &a, sizeof(a));
    return 0;
}
