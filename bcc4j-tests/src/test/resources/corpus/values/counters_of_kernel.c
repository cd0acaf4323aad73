// Atomic and reference counts of kernel objects, by their members.
#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/mm_types.h>
#include <linux/kref.h>
#include <linux/fs.h>

struct counts { int users, mm_users; u32 usage; s64 writers; };
BPF_HASH(counts, u32, struct counts);

int kprobe__exit_mmap(struct pt_regs *ctx, struct mm_struct *mm) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    u32 pid = task->tgid;
    struct counts c = {};
    c.mm_users = mm->mm_users.counter;
    c.users = mm->mm_count.counter;
    c.usage = task->usage.refs.counter;
    struct file *exe = mm->exe_file;
    if (exe) {
        struct inode *inode = exe->f_inode;
        c.writers = inode->i_writecount.counter;
    }
    counts.update(&pid, &c);
    return 0;
}
