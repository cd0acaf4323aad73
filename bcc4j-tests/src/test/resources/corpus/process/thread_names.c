// Threads that rename themselves: the name before and after.
#include <linux/sched.h>

struct renamed { u32 pid, tid; char before[TASK_COMM_LEN], after[TASK_COMM_LEN]; };
BPF_RINGBUF_OUTPUT(renames, 8);

int kprobe____set_task_comm(struct pt_regs *ctx, struct task_struct *task, const char *name, bool exec) {
    if (exec)
        return 0;
    struct renamed r = {};
    r.pid = task->tgid;
    r.tid = task->pid;
    bpf_probe_read_kernel(&r.before, sizeof(r.before), task->comm);
    bpf_probe_read_kernel_str(&r.after, sizeof(r.after), name);
    renames.ringbuf_output(&r, sizeof(r), 0);
    return 0;
}
