// How long threads sleep, where they went to sleep, and who woke them, where.
#include <linux/sched.h>

struct side {
    u32 pid;
    u32 tid;
    s64 kernel;
    s64 user;
    char comm[16];
};

struct both {
    struct side target;
    struct side waker;
};

struct asleep {
    u64 ns;
    struct both both;
};

BPF_TABLE("lru_hash", u32, struct asleep, sleepers, 32768);     // threads
BPF_PERCPU_ARRAY(scratch, struct asleep, 1);
BPF_HASH(times, struct both, u64, 20480);
BPF_STACK_TRACE(stacks, STACKS);
BPF_ARRAY(lost, u64, 1);

static void here(void *ctx, struct side *s) {
    u64 id = bpf_get_current_pid_tgid();
    s->pid = id >> 32;
    s->tid = id;
    s->kernel = s->user = -14;
    bpf_get_current_comm(&s->comm, sizeof(s->comm));
#ifdef KERNEL_STACKS
    s->kernel = stacks.get_stackid(ctx, 0);
#endif
#ifdef USER_STACKS
    s->user = stacks.get_stackid(ctx, BPF_F_USER_STACK);
#endif
}

// Whoever wakes a thread is the current one here; at sched_wakeup it may be the idle task of the CPU that is to run it.
RAW_TRACEPOINT_PROBE(sched_waking) {
    struct task_struct *task = (struct task_struct *)ctx->args[0];
    u32 tid = task->pid;
    struct asleep *a = sleepers.lookup(&tid);
    if (a)
        here(ctx, &a->both.waker);
    return 0;
}

RAW_TRACEPOINT_PROBE(sched_switch) {
    struct task_struct *prev = (struct task_struct *)ctx->args[1];
    struct task_struct *next = (struct task_struct *)ctx->args[2];
    u32 from = prev->pid, to = next->pid;
    void *mm = prev->mm;
#ifdef HAS___STATE
    u32 state = prev->__state;
#else
    u32 state = prev->state;
#endif
    u64 now = bpf_ktime_get_ns();
    int zero = 0, wanted = from && state && !unwanted();
#ifdef USER_THREADS
    wanted = wanted && mm;
#elif defined(KERNEL_THREADS)
    wanted = wanted && !mm;
#endif
#ifdef STATE
    wanted = wanted && (state & STATE);
#endif
    struct asleep *s = scratch.lookup(&zero);
    if (wanted && s) {
        __builtin_memset(s, 0, sizeof(*s));
        s->ns = now;
        here(ctx, &s->both.target);
        s->both.waker.kernel = s->both.waker.user = -14;
        sleepers.update(&from, s);
    }
    struct asleep *a = sleepers.lookup(&to);
    if (!a)
        return 0;
    u64 us = (now - a->ns) / 1000;
    if (us >= MIN_US && us <= MAX_US) {
        struct both *both = &a->both;
        u64 nothing = 0, *time = times.lookup_or_try_init(both, &nothing);
        if (time)
            __sync_fetch_and_add(time, us);
        else
            lost.atomic_increment(0);
    }
    sleepers.delete(&to);
    return 0;
}
