// Timers that are set far in the future: struct timer_list, jiffies arithmetic.
#include <linux/timer.h>
#include <linux/jiffies.h>
#include <linux/workqueue.h>

struct set { u64 function; u64 seconds; u32 flags; };
BPF_HASH(far, struct set);

// types: on_add_timer=kprobe
int on_add_timer(struct pt_regs *ctx, struct timer_list *timer, unsigned long expires) {
    void (*function)(struct timer_list *) = timer->function;
    struct set s = {};
    s.function = (u64)function;
    s.flags = timer->flags & TIMER_DEFERRABLE;
    s.seconds = (expires - timer->expires) / HZ;
    if (s.seconds > 60)
        far.increment(s);
    return 0;
}
