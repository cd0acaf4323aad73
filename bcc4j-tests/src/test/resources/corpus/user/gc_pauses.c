// Begin and end of a runtime's pauses, numbered by cookie-like arguments in 32 and 8 bits.
// types: begin_pause=kprobe, end_pause=kprobe
#include <uapi/linux/ptrace.h>
#include <linux/jiffies.h>

struct pause { u64 ns; u8 generation; bool full; };
BPF_HASH(paused, u32, struct pause);
struct slot { u8 generation; u64 slot; };
BPF_HISTOGRAM(pauses, struct slot);

int begin_pause(struct pt_regs *ctx, u8 generation, _Bool full) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct pause p = { bpf_ktime_get_ns(), generation, full };
    paused.update(&pid, &p);
    return 0;
}

int end_pause(struct pt_regs *ctx) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct pause *p = paused.lookup(&pid);
    if (!p)
        return 0;
    struct slot s = {};
    s.generation = p->generation;
    s.slot = bpf_log2l((bpf_ktime_get_ns() - p->ns) / 1000);
    pauses.increment(s);
    paused.delete(&pid);
    return 0;
}
