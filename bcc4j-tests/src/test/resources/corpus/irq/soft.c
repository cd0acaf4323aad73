// Time in each kind of soft interrupt, by their numbers' names.
#include <linux/interrupt.h>

struct at { u64 ns; u32 vector; };
BPF_PERCPU_ARRAY(begun, struct at, 1);
BPF_ARRAY(total_ns, u64, NR_SOFTIRQS);
BPF_ARRAY(network, u64, 2);

TRACEPOINT_PROBE(irq, softirq_entry) {
    int zero = 0;
    struct at *a = begun.lookup(&zero);
    if (!a)
        return 0;
    a->ns = bpf_ktime_get_ns();
    a->vector = args->vec;
    return 0;
}

TRACEPOINT_PROBE(irq, softirq_exit) {
    int zero = 0;
    struct at *a = begun.lookup(&zero);
    if (!a || a->vector != args->vec)
        return 0;
    int vector = args->vec;
    u64 *sum = total_ns.lookup(&vector);
    if (sum)
        lock_xadd(sum, bpf_ktime_get_ns() - a->ns);
    if (vector == NET_RX_SOFTIRQ)
        network.increment(0);
    else if (vector == NET_TX_SOFTIRQ)
        network.increment(1);
    return 0;
}
