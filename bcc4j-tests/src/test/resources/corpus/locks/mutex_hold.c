// How long mutexes are waited for and held, by their address.
#include <linux/mutex.h>

struct times { u64 waited, held, locks; };
struct at { u64 asked, got; };
struct holder { u64 lock; u32 tid; u32 pad; };
BPF_HASH(by_lock, struct mutex *, struct times, 8192);
BPF_HASH(current_lock, struct holder, struct at);
BPF_HASH(asking, u32, struct mutex *);

int kprobe__mutex_lock(struct pt_regs *ctx, struct mutex *lock) {
    struct holder h = {};
    h.lock = (u64)lock;
    h.tid = bpf_get_current_pid_tgid();
    struct at a = { .asked = bpf_ktime_get_ns() };
    current_lock.update(&h, &a);
    asking.update(&h.tid, &lock);
    return 0;
}

int kretprobe__mutex_lock(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    struct mutex **lock = asking.lookup(&tid);
    if (!lock)
        return 0;
    struct holder h = {};
    h.lock = (u64)*lock;
    h.tid = tid;
    struct at *a = current_lock.lookup(&h);
    if (a)
        a->got = bpf_ktime_get_ns();
    asking.delete(&tid);
    return 0;
}

int kprobe__mutex_unlock(struct pt_regs *ctx, struct mutex *lock) {
    struct holder h = {};
    h.lock = (u64)lock;
    h.tid = bpf_get_current_pid_tgid();
    struct at *a = current_lock.lookup(&h);
    if (!a)
        return 0;
    struct times zero = {}, *t = by_lock.lookup_or_try_init(&lock, &zero);
    if (t && a->got) {
        t->waited += a->got - a->asked;
        t->held += bpf_ktime_get_ns() - a->got;
        t->locks++;
    }
    current_lock.delete(&h);
    return 0;
}
