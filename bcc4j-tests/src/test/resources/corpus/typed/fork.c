// New tasks by typed arguments: parent and child, a bit-field read as it is.
#include <linux/sched.h>

struct born { u32 parent, child; u32 in_execve; u64 start; char comm[TASK_COMM_LEN]; };
BPF_RINGBUF_OUTPUT(born, 8);

KFUNC_PROBE(wake_up_new_task, struct task_struct *p) {
    struct born b = {};
    b.parent = p->real_parent->tgid;
    b.child = p->pid;
    b.in_execve = p->in_execve;
    b.start = p->start_time;
    bpf_probe_read_kernel_str(b.comm, sizeof(b.comm), p->comm);
    born.ringbuf_output(&b, sizeof(b), 0);
    return 0;
}
