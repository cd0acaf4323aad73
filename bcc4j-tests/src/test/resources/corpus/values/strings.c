// Names compared and copied without library functions, sizes by sizeof and offsetof.
#include <linux/sched.h>
#include <linux/stddef.h>
#include <linux/string.h>

struct record { u32 pid; u32 size; char name[TASK_COMM_LEN]; };
BPF_PERF_OUTPUT(records);

static inline bool is_bash(const char *comm) {
    const char wanted[] = "bash";
#pragma unroll
    for (int i = 0; i < sizeof(wanted); i++)
        if (comm[i] != wanted[i])
            return false;
    return true;
}

TRACEPOINT_PROBE(sched, sched_process_fork) {
    struct record r = {};
    bpf_get_current_comm(&r.name, sizeof(r.name));
    if (is_bash(r.name))
        return 0;
    r.pid = args->child_pid;
    r.size = sizeof(((struct task_struct *)0)->comm);
    r.size += offsetof(struct record, name) + sizeof_field(struct record, name);
    records.perf_submit(args, &r, sizeof(r));
    return 0;
}
