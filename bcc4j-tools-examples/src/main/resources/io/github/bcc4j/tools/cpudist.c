// How long threads run, or do not, between one switch and the next.
#include <linux/sched.h>

struct key {
    u64 id;
    u64 slot;
};

BPF_TABLE("lru_hash", u32, u64, since, 65536);      // threads
BPF_HISTOGRAM(times, struct key);

static void begins(u32 tid, u64 now) {
    since.update(&tid, &now);
}

static void ends(u32 tid, u32 tgid, u64 now) {
    u64 *start = since.lookup(&tid);
    if (!start)
        return;
    u64 ns = now - *start;
    since.delete(&tid);
#ifdef ONLY_PID
    if (tgid != ONLY_PID)
        return;
#endif
    struct key key = {.slot = bpf_log2l(ns / UNIT)};
#if BY == 1
    key.id = tgid;
#elif BY == 2
    key.id = tid;
#endif
    times.increment(key);
}

RAW_TRACEPOINT_PROBE(sched_switch) {
    struct task_struct *prev = (struct task_struct *)ctx->args[1];
    struct task_struct *next = (struct task_struct *)ctx->args[2];
    u32 from = prev->pid, from_group = prev->tgid, to = next->pid, to_group = next->tgid;
    u64 now = bpf_ktime_get_ns();
#ifdef OFF_CPU
    if (WITH_IDLE || from)
        begins(from, now);
    if (WITH_IDLE || to)
        ends(to, to_group, now);
#else
    if (WITH_IDLE || from)
        ends(from, from_group, now);
    if (WITH_IDLE || to)
        begins(to, now);
#endif
    return 0;
}
