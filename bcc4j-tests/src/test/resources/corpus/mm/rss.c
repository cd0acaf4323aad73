// Resident memory at exit; where the counters are and how they are kept changed over the years.
#include <linux/mm_types.h>
#include <linux/sched.h>

struct rss { s64 file, anon, swap, shmem; u64 peak; };
BPF_HASH(rss_at_exit, u32, struct rss);

static inline s64 pages(struct mm_struct *mm, int member) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
    s64 v = 0;
    bpf_probe_read_kernel(&v, sizeof(v), &mm->rss_stat[member].count);
    return v;
#else
    s64 v = 0;
    bpf_probe_read_kernel(&v, sizeof(v), &mm->rss_stat.count[member].counter);
    return v;
#endif
}

int kprobe__exit_mm_release(struct pt_regs *ctx, struct task_struct *task, struct mm_struct *mm) {
    if (!mm)
        return 0;
    u32 pid = task->tgid;
    struct rss r = {};
    r.file = pages(mm, MM_FILEPAGES);
    r.anon = pages(mm, MM_ANONPAGES);
    r.swap = pages(mm, MM_SWAPENTS);
    r.shmem = pages(mm, MM_SHMEMPAGES);
    bpf_probe_read_kernel(&r.peak, sizeof(r.peak), &mm->hiwater_rss);
    rss_at_exit.update(&pid, &r);
    return 0;
}
