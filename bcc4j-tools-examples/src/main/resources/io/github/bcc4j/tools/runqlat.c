// From when a task becomes runnable to when it runs.
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>

BPF_HASH(runnable, u32, u64, 65536); // threads, and since when
#if BY
struct key {
    u64 id;
    u64 slot;
};
BPF_HISTOGRAM(times, struct key);
#else
BPF_HISTOGRAM(times);
#endif

static void waits(struct task_struct *task) {
    u32 pid = 0, tgid = 0;
    bpf_probe_read_kernel(&pid, sizeof(pid), &task->pid);
    bpf_probe_read_kernel(&tgid, sizeof(tgid), &task->tgid);
    if (pid == 0)               // the idle task waits for nothing
        return;
#ifdef ONLY_PID
    if (tgid != ONLY_PID)
        return;
#endif
    u64 now = bpf_ktime_get_ns();
    runnable.update(&pid, &now);
}

RAW_TRACEPOINT_PROBE(sched_wakeup) {
    waits((struct task_struct *)ctx->args[0]);
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_wakeup_new) {
    waits((struct task_struct *)ctx->args[0]);
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_switch) {
    struct task_struct *prev = (struct task_struct *)ctx->args[1];
    struct task_struct *next = (struct task_struct *)ctx->args[2];
#ifdef HAS___STATE
    u32 state = prev->__state;
#else
    u32 state = prev->state;
#endif
    if (state == 0)             // it would have gone on
        waits(prev);

    u32 pid = next->pid;
    u64 *since = runnable.lookup(&pid);
    if (!since)
        return 0;
    u64 slot = bpf_log2l((bpf_ktime_get_ns() - *since) / UNIT);
    runnable.delete(&pid);
#if BY == 1
    struct key key = {.id = next->tgid, .slot = slot};
    times.increment(key);
#elif BY == 2
    struct key key = {.id = pid, .slot = slot};
    times.increment(key);
#elif BY == 3
    struct key key = {.id = next->nsproxy->pid_ns_for_children->ns.inum, .slot = slot};
    times.increment(key);
#else
    times.increment(slot);
#endif
    return 0;
}
