// Kernel threads and exiting tasks among those that are woken, by task flags and state.
#include <linux/sched.h>

enum kind { USER_TASK, KERNEL_THREAD, LEAVING, KINDS };
BPF_ARRAY(woken, u64, KINDS);
BPF_HASH(states, u32, u64);

int kprobe__try_to_wake_up(struct pt_regs *ctx, struct task_struct *p, unsigned int state) {
    unsigned int flags = p->flags;
    int kind = USER_TASK;
    if (flags & PF_KTHREAD)
        kind = KERNEL_THREAD;
    else if (flags & PF_EXITING)
        kind = LEAVING;
    woken.increment(kind);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
    u32 now = p->__state;
#else
    u32 now = p->state;
#endif
    now &= TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE | __TASK_STOPPED;
    states.increment(now);
    return 0;
}
