// Delayed work, from its work_struct back to what it is a part of: container_of.
#include <linux/workqueue.h>
#include <linux/kernel.h>

BPF_HISTOGRAM(delays);

int kprobe__delayed_work_timer_fn(struct pt_regs *ctx, struct timer_list *t) {
    struct delayed_work *dwork = container_of(t, struct delayed_work, timer);
    int cpu = 0;
    work_func_t func = NULL;
    bpf_probe_read_kernel(&cpu, sizeof(cpu), &dwork->cpu);
    bpf_probe_read_kernel(&func, sizeof(func), &dwork->work.func);
    if (func)
        delays.increment(cpu & 1023);
    return 0;
}
