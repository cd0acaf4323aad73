// Timer functions by how late they run, in jiffies.
#include <linux/timer.h>
#include <linux/jiffies.h>

BPF_HASH(late, u64);
BPF_HISTOGRAM(lateness);

TRACEPOINT_PROBE(timer, timer_expire_entry) {
    u64 function = (u64)args->function;
    long by = args->now - args->baseclk;
    if (by > HZ / 100)
        late.increment(function);
    lateness.increment(by);
    return 0;
}
