// Packets that leave, by device and protocol: header positions of struct sk_buff.
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/ip.h>
#include <uapi/linux/in.h>
#include <uapi/linux/if_ether.h>

struct leaving { char dev[IFNAMSIZ]; u8 protocol; };
struct total { u64 packets, bytes; };
BPF_HASH(totals, struct leaving, struct total);

int kprobe__dev_hard_start_xmit(struct pt_regs *ctx, struct sk_buff *skb, struct net_device *dev) {
    u16 ethertype = skb->protocol;
    if (ethertype != htons(ETH_P_IP))
        return 0;
    struct iphdr *ip = (struct iphdr *)(skb->head + skb->network_header);
    struct leaving l = {};
    l.protocol = ip->protocol;
    bpf_probe_read_kernel_str(&l.dev, sizeof(l.dev), dev->name);
    struct total zero = {}, *t = totals.lookup_or_try_init(&l, &zero);
    if (t) {
        t->packets++;
        t->bytes += skb->len;
    }
    return 0;
}
