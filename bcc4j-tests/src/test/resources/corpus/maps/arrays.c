// Arrays and histograms in every form, indices kept in bounds.
#include <linux/types.h>

struct slot { u64 sum; u32 count; u32 most; };
struct by { u32 cpu; u64 slot; };
BPF_ARRAY(counts);
BPF_ARRAY(sums, u32);
BPF_ARRAY(slots, struct slot, 64);
BPF_PERCPU_ARRAY(percpu, struct slot, 4);
BPF_HISTOGRAM(powers);
BPF_HISTOGRAM(linear, int, 128);
BPF_HISTOGRAM(keyed, struct by);

TRACEPOINT_PROBE(syscalls, sys_exit_read) {
    if (args->ret <= 0)
        return 0;
    u64 bytes = args->ret;
    int i = bpf_log2l(bytes) & 63, zero = 0;
    counts.increment(zero);
    sums.atomic_increment(zero, 3);
    struct slot *s = slots.lookup(&i);
    if (s) {
        s->sum += bytes;
        s->count++;
        if (s->most < bytes)
            s->most = bytes;
    }
    int quarter = i >> 4;
    struct slot *p = percpu.lookup(&quarter);
    if (p)
        p->sum += bytes;
    powers.increment(bpf_log2l(bytes));
    linear.increment(bpf_log2(bytes));
    struct by b = {};
    b.cpu = bpf_get_smp_processor_id();
    b.slot = bpf_log2l(bytes);
    keyed.atomic_increment(b);
    return 0;
}
