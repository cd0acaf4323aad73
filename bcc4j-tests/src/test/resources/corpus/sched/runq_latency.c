// How long tasks wait for a processor: woken to switched in.
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>

BPF_HASH(ready, u32, u64, 16384);
BPF_HISTOGRAM(wait_us, u64);

static int mark(struct task_struct *p) {
    u32 pid = 0;
    bpf_probe_read_kernel(&pid, sizeof(pid), &p->pid);
    if (pid == 0)
        return 0;
    u64 now = bpf_ktime_get_ns();
    ready.update(&pid, &now);
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_wakeup) {
    return mark((struct task_struct *)ctx->args[0]);
}

RAW_TRACEPOINT_PROBE(sched_wakeup_new) {
    return mark((struct task_struct *)ctx->args[0]);
}

RAW_TRACEPOINT_PROBE(sched_switch) {
    struct task_struct *prev = (struct task_struct *)ctx->args[1];
    struct task_struct *next = (struct task_struct *)ctx->args[2];
    long state = 0;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
    unsigned int now = 0;
    bpf_probe_read_kernel(&now, sizeof(now), &prev->__state);
    state = now;
#else
    bpf_probe_read_kernel(&state, sizeof(state), (const void *)&prev->state);
#endif
    if (state == TASK_RUNNING)
        mark(prev);
    u32 pid = 0;
    bpf_probe_read_kernel(&pid, sizeof(pid), &next->pid);
    u64 *since = ready.lookup(&pid);
    if (!since)
        return 0;
    wait_us.increment(bpf_log2l((bpf_ktime_get_ns() - *since) / 1000));
    ready.delete(&pid);
    return 0;
}
