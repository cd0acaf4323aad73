// Why each process ended: exit code, signal, and how long it lived.
#include <linux/sched.h>
#include <linux/signal.h>

struct ended {
    u64 lived_ns;
    u32 pid, ppid;
    u8 status, signal, core;
    char comm[TASK_COMM_LEN];
};
BPF_PERF_OUTPUT(endings);

TRACEPOINT_PROBE(sched, sched_process_exit) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    if (task->pid != task->tgid)
        return 0;                       // a thread, not its process
    int code = task->exit_code;
    struct ended e = {};
    e.lived_ns = bpf_ktime_get_ns() - task->start_time;
    e.pid = task->tgid;
    e.ppid = task->real_parent->tgid;
    e.status = code >> 8;
    e.signal = code & 0x7f;
    e.core = code & 0x80 ? 1 : 0;
    bpf_get_current_comm(&e.comm, sizeof(e.comm));
    endings.perf_submit(args, &e, sizeof(e));
    return 0;
}
