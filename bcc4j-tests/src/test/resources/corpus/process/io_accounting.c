// How much a process read and wrote in its life, if the kernel counts it.
#include <linux/sched.h>

struct moved { u64 rchar, wchar, syscr, syscw, read_bytes, write_bytes; };
BPF_HASH(totals, u32, struct moved, 4096);

int kprobe__acct_collect(struct pt_regs *ctx, long exitcode, int group_dead) {
    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
    u32 pid = t->tgid;
    struct moved zero = {}, *m = totals.lookup_or_try_init(&pid, &zero);
    if (!m)
        return 0;
#ifdef CONFIG_TASK_XACCT
    m->rchar += t->ioac.rchar;
    m->wchar += t->ioac.wchar;
    m->syscr += t->ioac.syscr;
    m->syscw += t->ioac.syscw;
#endif
#ifdef CONFIG_TASK_IO_ACCOUNTING
    m->read_bytes += t->ioac.read_bytes;
    m->write_bytes += t->ioac.write_bytes;
#endif
    return 0;
}
