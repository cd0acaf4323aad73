// How long threads are blocked, and where.
#include <linux/sched.h>

struct where {
    u32 pid;
    u32 tid;
    s64 kernel;
    s64 user;
    char comm[16];
};

struct asleep {
    u64 ns;
    struct where where;
};

BPF_TABLE("lru_hash", u32, struct asleep, sleepers, 65536); // by thread
BPF_HASH(times, struct where, u64, 40960);
BPF_STACK_TRACE(stacks, STACKS);
BPF_ARRAY(lost, u64, 1);

// The thread that leaves is the current one still: its stacks are at hand, and so is its name.
static void leaves(void *ctx, u32 tid, u32 state) {
    u64 id = bpf_get_current_pid_tgid();
    u32 pid = id >> 32;
    if (tid == 0 || unwanted())
        return;
#ifdef STATE
    if (STATE == 0 ? state != 0 : !(state & STATE))
        return;
#endif
    struct asleep a = {};
    a.ns = bpf_ktime_get_ns();
    a.where.pid = pid;
    a.where.tid = tid;
    a.where.kernel = a.where.user = -14;
    bpf_get_current_comm(&a.where.comm, sizeof(a.where.comm));
#ifdef KERNEL_STACKS
    a.where.kernel = stacks.get_stackid(ctx, 0);
#endif
#ifdef USER_STACKS
    a.where.user = stacks.get_stackid(ctx, BPF_F_USER_STACK);
#endif
    sleepers.update(&tid, &a);
}

static void comes(u32 tid) {
    struct asleep *a = sleepers.lookup(&tid);
    if (!a)
        return;
    u64 us = (bpf_ktime_get_ns() - a->ns) / 1000;
    if (us >= MIN_US && us <= MAX_US) {
        struct where w = a->where;
        u64 zero = 0, *time = times.lookup_or_try_init(&w, &zero);
        if (time)
            __sync_fetch_and_add(time, us);
        else
            lost.atomic_increment(0);
    }
    sleepers.delete(&tid);
}

RAW_TRACEPOINT_PROBE(sched_switch) {
    struct task_struct *prev = (struct task_struct *)ctx->args[1];
    struct task_struct *next = (struct task_struct *)ctx->args[2];
#ifdef HAS___STATE
    u32 state = prev->__state;
#else
    u32 state = prev->state;
#endif
#ifdef USER_THREADS
    void *mm = prev->mm;
    if (mm)
        leaves(ctx, prev->pid, state);
#elif defined(KERNEL_THREADS)
    void *mm = prev->mm;
    if (!mm)
        leaves(ctx, prev->pid, state);
#else
    leaves(ctx, prev->pid, state);
#endif
    comes(next->pid);
    return 0;
}
