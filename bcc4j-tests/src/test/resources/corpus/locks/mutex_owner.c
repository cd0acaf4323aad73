// Who holds a mutex that others wait for: the owner, whose low bits are flags.
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/atomic.h>

struct wait { u32 waiter, owner; char comm[TASK_COMM_LEN]; };
BPF_HASH(waits, struct wait);

int kprobe____mutex_lock_slowpath(struct pt_regs *ctx, struct mutex *lock) {
    u64 word = lock->owner.counter;
    struct task_struct *owner = (struct task_struct *)(word & ~7UL);
    if (!owner)
        return 0;
    struct wait w = {};
    w.waiter = bpf_get_current_pid_tgid();
    bpf_probe_read_kernel(&w.owner, sizeof(w.owner), &owner->pid);
    bpf_probe_read_kernel_str(&w.comm, sizeof(w.comm), owner->comm);
    waits.increment(w);
    return 0;
}
