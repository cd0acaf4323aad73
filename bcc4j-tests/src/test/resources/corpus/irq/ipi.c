// Interrupts between processors: how often a processor is told to reschedule.
#include <linux/smp.h>
#include <linux/cpumask.h>

BPF_PERCPU_ARRAY(sent, u64, 1);
BPF_ARRAY(to_cpu, u64, 256);

int kprobe__native_smp_send_reschedule(struct pt_regs *ctx, int cpu) {
    int zero = 0;
    u64 *n = sent.lookup(&zero);
    if (n)
        (*n)++;
    cpu &= 255;
    to_cpu.increment(cpu);
    return 0;
}
