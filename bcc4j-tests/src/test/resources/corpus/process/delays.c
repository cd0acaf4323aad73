// Delays that the kernel accounts to a task, if it does: task_delay_info behind a pointer.
#include <linux/sched.h>
#include <linux/delayacct.h>

struct delays { u64 block_io, swapin; u32 io_count; };
BPF_HASH(delays, u32, struct delays);

int kprobe__taskstats_exit(struct pt_regs *ctx, struct task_struct *tsk, int group_dead) {
#ifdef CONFIG_TASK_DELAY_ACCT
    struct task_delay_info *info = tsk->delays;
    u32 pid = tsk->pid;
    if (!info)
        return 0;
    struct delays d = {};
    d.block_io = info->blkio_delay;
    d.swapin = info->swapin_delay;
    d.io_count = info->blkio_count;
    if (d.io_count)
        delays.update(&pid, &d);
#endif
    return 0;
}
