// Slow spinlocks: qspinlock's value, its locked byte and pending bit.
#include <linux/spinlock_types.h>
#include <linux/spinlock.h>

BPF_ARRAY(seen, u64, 3);

int kprobe__native_queued_spin_lock_slowpath(struct pt_regs *ctx, struct qspinlock *lock, u32 value) {
    u32 now = 0;
    bpf_probe_read_kernel(&now, sizeof(now), &lock->val);
    seen.increment(0);
    if (value & 0xff)
        seen.increment(1);
    if (now >> 8 & 1)
        seen.increment(2);
    return 0;
}
