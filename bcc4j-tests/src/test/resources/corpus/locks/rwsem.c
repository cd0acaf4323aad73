// Waits for mmap_lock, told apart from other semaphores by its place in the current mm.
#include <linux/rwsem.h>
#include <linux/mm_types.h>
#include <linux/sched.h>

BPF_HASH(began, u32);
BPF_HISTOGRAM(mmap_lock_us);

int kprobe__down_write(struct pt_regs *ctx, struct rw_semaphore *sem) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct mm_struct *mm = task->mm;
    if (!mm || sem != &mm->mmap_lock)
        return 0;
    u32 tid = bpf_get_current_pid_tgid();
    u64 now = bpf_ktime_get_ns();
    began.update(&tid, &now);
    return 0;
}

int kretprobe__down_write(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 *at = began.lookup(&tid);
    if (!at)
        return 0;
    mmap_lock_us.increment(bpf_log2l((bpf_ktime_get_ns() - *at) / 1000));
    began.delete(&tid);
    return 0;
}
