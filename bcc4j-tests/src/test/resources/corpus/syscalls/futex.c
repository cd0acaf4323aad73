// Waits for futexes: time by address, with the operation's command bits.
#include <uapi/linux/futex.h>
#include <uapi/linux/ptrace.h>

struct lock { u32 pid; u32 pad; u64 address; };
struct waiting { u64 at; u64 address; };
struct contention { u64 count, ns, longest; };
BPF_HASH(waiting, u64, struct waiting);
BPF_HASH(contended, struct lock, struct contention);

TRACEPOINT_PROBE(syscalls, sys_enter_futex) {
    int command = args->op & FUTEX_CMD_MASK;
    if (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET && command != FUTEX_LOCK_PI)
        return 0;
    u64 id = bpf_get_current_pid_tgid();
    struct waiting w = { bpf_ktime_get_ns(), (u64)args->uaddr };
    waiting.update(&id, &w);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_futex) {
    u64 id = bpf_get_current_pid_tgid();
    struct waiting *w = waiting.lookup(&id);
    if (!w)
        return 0;
    struct lock l = {};
    l.pid = id >> 32;
    l.address = w->address;
    u64 ns = bpf_ktime_get_ns() - w->at;
    struct contention zero = {}, *c = contended.lookup_or_try_init(&l, &zero);
    if (c) {
        c->count++;
        c->ns += ns;
        if (ns > c->longest)
            c->longest = ns;
    }
    waiting.delete(&id);
    return 0;
}
