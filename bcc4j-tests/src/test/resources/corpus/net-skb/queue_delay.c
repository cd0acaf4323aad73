// How long packets wait in the queueing discipline, keyed by the packet's address.
#include <linux/skbuff.h>
#include <net/sch_generic.h>
#include <linux/netdevice.h>

BPF_HASH(enqueued, struct sk_buff *, u64, 65536);
BPF_HISTOGRAM(delay_us);

RAW_TRACEPOINT_PROBE(net_dev_queue) {
    struct sk_buff *skb = (struct sk_buff *)ctx->args[0];
    u64 now = bpf_ktime_get_ns();
    enqueued.update(&skb, &now);
    return 0;
}

RAW_TRACEPOINT_PROBE(net_dev_start_xmit) {
    struct sk_buff *skb = (struct sk_buff *)ctx->args[0];
    u64 *at = enqueued.lookup(&skb);
    if (!at)
        return 0;
    delay_us.increment(bpf_log2l((bpf_ktime_get_ns() - *at) / 1000));
    enqueued.delete(&skb);
    return 0;
}
