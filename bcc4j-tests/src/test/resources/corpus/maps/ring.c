// A ring buffer: space reserved, filled in place, given or taken back.
#include <linux/sched.h>
#include <linux/fs.h>

struct event { u64 ns; u32 pid; int ret; char comm[TASK_COMM_LEN]; };
BPF_RINGBUF_OUTPUT(events, 64);
BPF_ARRAY(dropped, u64, 1);

TRACEPOINT_PROBE(syscalls, sys_exit_openat) {
    struct event *e = events.ringbuf_reserve(sizeof(struct event));
    if (!e) {
        dropped.increment(0);
        return 1;
    }
    e->ns = bpf_ktime_get_ns();
    e->pid = bpf_get_current_pid_tgid() >> 32;
    e->ret = args->ret;
    if (bpf_get_current_comm(&e->comm, sizeof(e->comm)) < 0) {
        events.ringbuf_discard(e, 0);
        return 1;
    }
    events.ringbuf_submit(e, args->ret < 0 ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
    return 0;
}
