// Time in interrupt handlers by device name.
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>

struct handler { char name[32]; };
BPF_PERCPU_ARRAY(entered, u64, 1);
BPF_HASH(ns_in, struct handler);
BPF_HASH(current_irq, u32, struct handler);

TRACEPOINT_PROBE(irq, irq_handler_entry) {
    u32 cpu = bpf_get_smp_processor_id();
    int zero = 0;
    u64 now = bpf_ktime_get_ns();
    struct handler h = {};
    TP_DATA_LOC_READ_STR(&h.name, name, sizeof(h.name));
    current_irq.update(&cpu, &h);
    entered.update(&zero, &now);
    return 0;
}

TRACEPOINT_PROBE(irq, irq_handler_exit) {
    u32 cpu = bpf_get_smp_processor_id();
    int zero = 0;
    u64 *at = entered.lookup(&zero);
    struct handler *h = current_irq.lookup(&cpu);
    if (!at || !h || args->ret == IRQ_NONE)
        return 0;
    u64 none = 0, *sum = ns_in.lookup_or_try_init(h, &none);
    if (sum)
        *sum += bpf_ktime_get_ns() - *at;
    return 0;
}
