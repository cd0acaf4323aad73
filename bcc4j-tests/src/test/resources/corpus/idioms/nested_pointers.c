// One long chain of pointers through five structs, and the same read step by step.
#include <linux/sched.h>
#include <linux/mm_types.h>
#include <linux/fs.h>
#include <linux/dcache.h>

struct program { char name[32], type[16]; u64 inode, again; };
BPF_HASH(programs, u32, struct program);

int kprobe__ptrace_attach(struct pt_regs *ctx, struct task_struct *task) {
    u32 pid = task->tgid;
    struct mm_struct *mm = task->mm;
    struct program p = {};
    if (!mm)
        return 0;
    bpf_probe_read_kernel_str(p.name, sizeof(p.name), task->mm->exe_file->f_path.dentry->d_name.name);
    bpf_probe_read_kernel_str(p.type, sizeof(p.type), mm->exe_file->f_inode->i_sb->s_type->name);
    p.inode = task->mm->exe_file->f_path.dentry->d_inode->i_ino;
    struct file *exe = mm->exe_file;
    struct inode *inode = exe->f_inode;
    p.again = inode->i_ino;
    if (p.inode == p.again)
        programs.update(&pid, &p);
    return 0;
}
