// Walks a kernel list: the first children of a process that exits.
#include <linux/sched.h>
#include <linux/list.h>

#define MOST 8
struct left { u32 parent; u32 n; u32 child[MOST]; };
BPF_PERF_OUTPUT(left);

TRACEPOINT_PROBE(sched, sched_process_exit) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct left l = { .parent = bpf_get_current_pid_tgid() >> 32 };
    struct list_head *head = &task->children, *at = NULL;
    bpf_probe_read_kernel(&at, sizeof(at), &head->next);
#pragma unroll
    for (int i = 0; i < MOST; i++) {
        if (at == head || !at)
            break;
        struct task_struct *child = list_entry(at, struct task_struct, sibling);
        bpf_probe_read_kernel(&l.child[i], sizeof(u32), &child->tgid);
        l.n = i + 1;
        bpf_probe_read_kernel(&at, sizeof(at), &at->next);
    }
    if (l.n)
        left.perf_submit(args, &l, sizeof(l));
    return 0;
}
