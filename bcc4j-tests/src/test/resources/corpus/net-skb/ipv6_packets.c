// IPv6 packets that are forwarded, by next header, with both addresses.
#include <linux/skbuff.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>

struct pair { struct in6_addr from, to; u8 next, hops; };
BPF_HASH(pairs, struct pair);

int kprobe__ip6_forward(struct pt_regs *ctx, struct sk_buff *skb) {
    struct ipv6hdr *ip = (struct ipv6hdr *)(skb->head + skb->network_header);
    struct pair p = {};
    bpf_probe_read_kernel(&p.from, sizeof(p.from), &ip->saddr);
    bpf_probe_read_kernel(&p.to, sizeof(p.to), &ip->daddr);
    p.next = ip->nexthdr;
    p.hops = ip->hop_limit;
    if (p.next == IPPROTO_ICMPV6 || p.hops <= 1)
        return 0;
    pairs.increment(p);
    return 0;
}
