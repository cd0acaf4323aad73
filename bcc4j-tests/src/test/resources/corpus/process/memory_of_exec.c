// The address space of a program right after it was loaded.
#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/binfmts.h>

struct layout { u64 code, data, brk, stack, args, env, total_pages; };
BPF_HASH(layouts, u32, struct layout);

int kprobe__finalize_exec(struct pt_regs *ctx, struct linux_binprm *bprm) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct mm_struct *mm = task->mm;
    u32 pid = task->tgid;
    if (!mm)
        return 0;
    struct layout l = {};
    l.code = mm->end_code - mm->start_code;
    l.data = mm->end_data - mm->start_data;
    l.brk = mm->start_brk;
    l.stack = mm->start_stack;
    l.args = mm->arg_end - mm->arg_start;
    l.env = mm->env_end - mm->env_start;
    l.total_pages = mm->total_vm;
    layouts.update(&pid, &l);
    return 0;
}
