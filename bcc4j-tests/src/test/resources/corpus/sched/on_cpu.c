// Time on the processor by process, from the switch tracepoint's own fields.
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct who { u32 pid; char comm[TASK_COMM_LEN]; };
BPF_HASH(on_ns, struct who);
BPF_PERCPU_ARRAY(since, u64, 1);

TRACEPOINT_PROBE(sched, sched_switch) {
    int zero = 0;
    u64 now = bpf_ktime_get_ns();
    u64 *at = since.lookup(&zero);
    if (!at)
        return 0;
    u64 begun = *at;
    *at = now;
    if (begun == 0 || args->prev_pid == 0)
        return 0;
    struct who w = {};
    w.pid = args->prev_pid;
    __builtin_memcpy(&w.comm, args->prev_comm, sizeof(w.comm));
    on_ns.increment(w, now - begun);
    return 0;
}
