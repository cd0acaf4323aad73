// Forks per parent, and threads apart from processes, by clone flags.
#include <linux/sched.h>
#include <linux/sched/task.h>

struct who { char comm[TASK_COMM_LEN]; };
struct forks { u64 processes, threads, vforks; };
BPF_HASH(by_comm, struct who, struct forks);

// types: on_clone=kprobe
int on_clone(struct pt_regs *ctx, struct kernel_clone_args *args) {
    u64 flags = 0;
    bpf_probe_read_kernel(&flags, sizeof(flags), &args->flags);
    struct who who = {};
    bpf_get_current_comm(&who.comm, sizeof(who.comm));
    struct forks zero = {}, *f = by_comm.lookup_or_try_init(&who, &zero);
    if (!f)
        return 0;
    if (flags & CLONE_THREAD)
        f->threads++;
    else if (flags & CLONE_VFORK)
        f->vforks++;
    else
        f->processes++;
    return 0;
}
