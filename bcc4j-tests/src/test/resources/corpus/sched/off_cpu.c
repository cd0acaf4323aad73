// Time off the processor by kernel stack and name.
#include <linux/sched.h>

#define MIN_US 100
struct sleeper { u32 pid; int user_stack, kernel_stack; char comm[TASK_COMM_LEN]; };
BPF_HASH(off_us, struct sleeper);
BPF_HASH(left, u32);
BPF_STACK_TRACE(stacks, 4096);

int kprobe__finish_task_switch(struct pt_regs *ctx, struct task_struct *prev) {
    u32 pid = prev->pid, tgid = prev->tgid;
    u64 now = bpf_ktime_get_ns();
    if (tgid != 0)
        left.update(&pid, &now);
    u64 id = bpf_get_current_pid_tgid();
    pid = id;
    u64 *at = left.lookup(&pid);
    if (!at)
        return 0;
    u64 us = (now - *at) / 1000;
    left.delete(&pid);
    if (us < MIN_US)
        return 0;
    struct sleeper s = {};
    s.pid = id >> 32;
    s.user_stack = stacks.get_stackid(ctx, BPF_F_USER_STACK);
    s.kernel_stack = stacks.get_stackid(ctx, 0);
    bpf_get_current_comm(&s.comm, sizeof(s.comm));
    off_us.increment(s, us);
    return 0;
}
