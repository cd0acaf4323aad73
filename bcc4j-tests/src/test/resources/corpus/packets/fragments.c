// Fragmented packets and their offsets: byte order of a 16-bit field with flags in it.
// types: fragments=sched_cls
#include <linux/ip.h>
#include <linux/if_ether.h>
#include <net/ip.h>
#include <uapi/linux/pkt_cls.h>

BPF_HISTOGRAM(offsets);
BPF_ARRAY(more, u64, 1);

int fragments(struct __sk_buff *skb) {
    u16 field = 0;
    if (skb->protocol != htons(ETH_P_IP))
        return TC_ACT_UNSPEC;
    if (bpf_skb_load_bytes(skb, ETH_HLEN + offsetof(struct iphdr, frag_off), &field, sizeof(field)) < 0)
        return TC_ACT_UNSPEC;
    field = ntohs(field);
    if (field & IP_MF)
        more.increment(0);
    if (field & IP_OFFSET)
        offsets.increment(bpf_log2l((field & IP_OFFSET) << 3));
    return TC_ACT_UNSPEC;
}
