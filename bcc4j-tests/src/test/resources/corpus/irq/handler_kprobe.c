// Interrupt handlers by their action's name, from the descriptor: irq_desc, irqaction.
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/interrupt.h>

struct name { char text[24]; };
BPF_HASH(interrupts, struct name);

int kprobe__handle_irq_event_percpu(struct pt_regs *ctx, struct irq_desc *desc) {
    struct irqaction *action = desc->action;
    if (!action)
        return 0;
    struct name n = {};
    const char *text = action->name;
    bpf_probe_read_kernel_str(&n.text, sizeof(n.text), text);
    interrupts.increment(n);
    return 0;
}
