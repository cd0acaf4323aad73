// Per-CPU state of a text: a small machine that counts runs of the same process.
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/percpu.h>

struct run { u32 pid; u32 length; u64 since; };
BPF_PERCPU_ARRAY(runs, struct run, 1);
BPF_HISTOGRAM(lengths);

TRACEPOINT_PROBE(raw_syscalls, sys_enter) {
    u32 zero = 0, pid = bpf_get_current_pid_tgid() >> 32;
    struct run *r = runs.lookup(&zero);
    if (!r)
        return 0;
    if (r->pid == pid) {
        r->length++;
        return 0;
    }
    if (r->length)
        lengths.increment(bpf_log2(r->length));
    r->pid = pid;
    r->length = 1;
    r->since = bpf_ktime_get_ns();
    return 0;
}
