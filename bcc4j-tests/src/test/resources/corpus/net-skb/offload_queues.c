// Transmit queues that are stopped, by device and index: arrays of net_device.
#include <linux/netdevice.h>

struct stopped { char dev[IFNAMSIZ]; u32 queues; u64 state; };
BPF_PERF_OUTPUT(stopped);

int kprobe__dev_watchdog(struct pt_regs *ctx, struct timer_list *t) {
    struct net_device *dev = (struct net_device *)((char *)t - offsetof(struct net_device, watchdog_timer));
    struct netdev_queue *tx = NULL;
    struct stopped s = {};
    bpf_probe_read_kernel(&s.queues, sizeof(s.queues), &dev->num_tx_queues);
    bpf_probe_read_kernel(&tx, sizeof(tx), &dev->_tx);
    bpf_probe_read_kernel(&s.state, sizeof(s.state), &tx->state);
    if (!(s.state & (1UL << __QUEUE_STATE_DRV_XOFF)))
        return 0;
    bpf_probe_read_kernel_str(s.dev, sizeof(s.dev), dev->name);
    stopped.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
