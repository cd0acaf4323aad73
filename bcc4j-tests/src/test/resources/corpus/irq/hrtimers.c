// High-resolution timers: the time they are set to, in nanoseconds of ktime_t, by mode.
#include <linux/hrtimer.h>
#include <linux/ktime.h>

struct start { u64 function; u32 mode; };
BPF_HASH(starts, struct start);
BPF_HISTOGRAM(from_now);

RAW_TRACEPOINT_PROBE(hrtimer_start) {
    struct hrtimer *timer = (struct hrtimer *)ctx->args[0];
    enum hrtimer_mode mode = ctx->args[1];
    ktime_t expires = 0;
    struct start s = {};
    bpf_probe_read_kernel(&s.function, sizeof(s.function), &timer->function);
    bpf_probe_read_kernel(&expires, sizeof(expires), &timer->node.expires);
    s.mode = mode & HRTIMER_MODE_PINNED;
    starts.increment(s);
    u64 now = bpf_ktime_get_ns();
    if ((u64)expires > now)
        from_now.increment(bpf_log2l(((u64)expires - now) / NSEC_PER_USEC));
    return 0;
}
