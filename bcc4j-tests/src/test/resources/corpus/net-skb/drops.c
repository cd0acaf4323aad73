// Dropped packets by where in the kernel they are dropped, and by reason where the kernel tells it.
#include <linux/skbuff.h>
#include <uapi/linux/if_ether.h>

struct place { u64 location; u32 reason; u16 protocol; u16 pad; };
BPF_HASH(dropped, struct place);

TRACEPOINT_PROBE(skb, kfree_skb) {
    struct place p = {};
    p.location = (u64)args->location;
    p.protocol = args->protocol;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 17, 0)
    p.reason = args->reason;
    if (p.reason == SKB_DROP_REASON_NO_SOCKET)
        return 0;
#endif
    if (p.protocol != ETH_P_IP && p.protocol != ETH_P_IPV6)
        return 0;
    dropped.increment(p);
    return 0;
}
