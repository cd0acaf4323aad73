#include <linux/blk-mq.h>
#include <linux/fs.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <net/inet_sock.h>
#include <net/sock.h>

struct caller {
    u64 start;
    u32 parent;
    char name[TASK_COMM_LEN];
};
BPF_HASH(counts, u64, u64);
BPF_HASH(callers, u32, struct caller);

TRACEPOINT_PROBE(raw_syscalls, sys_enter) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    u64 number = args->id;
    u32 process = task->tgid;
    struct caller caller = {};
    caller.start = task->start_time;
    caller.parent = task->real_parent->tgid;
    bpf_get_current_comm(&caller.name, sizeof(caller.name));
    callers.update(&process, &caller);
    counts.increment(number);
    return 0;
}
