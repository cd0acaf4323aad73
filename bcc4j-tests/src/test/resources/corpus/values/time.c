// Clocks, time constants, random numbers, and the conversion between units.
#include <linux/time64.h>
#include <linux/ktime.h>
#include <linux/jiffies.h>
#include <uapi/linux/time.h>

struct stamp { u64 ns, boot_ns, ms, jiffies; u32 random; };
BPF_HASH(stamps, u32, struct stamp);

TRACEPOINT_PROBE(syscalls, sys_enter_clock_gettime) {
    if (args->which_clock != CLOCK_MONOTONIC && args->which_clock != CLOCK_BOOTTIME)
        return 0;
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct stamp s = {};
    s.ns = bpf_ktime_get_ns();
    s.boot_ns = bpf_ktime_get_boot_ns();
    s.ms = s.ns / NSEC_PER_MSEC;
    s.jiffies = s.ns / (NSEC_PER_SEC / HZ);
    s.random = bpf_get_prandom_u32() % MSEC_PER_SEC;
    stamps.update(&pid, &s);
    return 0;
}
