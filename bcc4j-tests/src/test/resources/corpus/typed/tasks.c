// An iterator over all tasks that writes a line for each.
#include <linux/bpf.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

BPF_ITER(task) {
    struct seq_file *seq = ctx->meta->seq;
    struct task_struct *task = ctx->task;
    if (task == (void *)0)
        return 0;
    u32 word = task->tgid;
    if (task->flags & PF_KTHREAD)
        return 0;
    bpf_seq_write(seq, &word, sizeof(word));
    return 0;
}
