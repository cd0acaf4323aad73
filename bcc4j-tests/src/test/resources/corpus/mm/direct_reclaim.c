// Time that processes spend reclaiming memory themselves.
#include <linux/sched.h>

struct stall { u64 ns; u64 reclaimed; u32 pid; char comm[TASK_COMM_LEN]; };
BPF_HASH(began, u32, u64);
BPF_PERF_OUTPUT(stalls);

TRACEPOINT_PROBE(vmscan, mm_vmscan_direct_reclaim_begin) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 now = bpf_ktime_get_ns();
    began.update(&tid, &now);
    return 0;
}

TRACEPOINT_PROBE(vmscan, mm_vmscan_direct_reclaim_end) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 *at = began.lookup(&tid);
    if (!at)
        return 0;
    struct stall s = {};
    s.ns = bpf_ktime_get_ns() - *at;
    s.reclaimed = args->nr_reclaimed;
    s.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(&s.comm, sizeof(s.comm));
    stalls.perf_submit(args, &s, sizeof(s));
    began.delete(&tid);
    return 0;
}
