// Processor cycles between two points, read from hardware counters in a perf array.
// types: enter=kprobe, leave=kprobe
#include <uapi/linux/ptrace.h>
#include <linux/perf_event.h>

BPF_PERF_ARRAY(cycles, 64);
BPF_HASH(at_enter, u32, u64);
BPF_HISTOGRAM(spent);

int enter(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 now = cycles.perf_read(CUR_CPU_IDENTIFIER);
    if ((s64)now < 0 && (s64)now > -256)
        return 0;
    at_enter.update(&tid, &now);
    return 0;
}

int leave(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 *begin = at_enter.lookup(&tid);
    struct bpf_perf_event_value now = {};
    if (!begin || cycles.perf_counter_value(CUR_CPU_IDENTIFIER, &now, sizeof(now)) < 0)
        return 0;
    spent.increment(bpf_log2l(now.counter - *begin));
    at_enter.delete(&tid);
    return 0;
}
