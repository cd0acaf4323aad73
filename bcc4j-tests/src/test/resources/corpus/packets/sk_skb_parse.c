// DNS questions in UDP packets, seen by a socket filter with bpf_skb_load_bytes.
// types: dns=socket_filter
#include <uapi/linux/bpf.h>
#include <uapi/linux/if_ether.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/udp.h>
#include <uapi/linux/in.h>

struct question { u8 name[32]; };
BPF_HASH(asked, struct question);

int dns(struct __sk_buff *skb) {
    struct iphdr ip = {};
    struct udphdr udp = {};
    if (skb->protocol != htons(ETH_P_IP))
        return 0;
    if (bpf_skb_load_bytes(skb, ETH_HLEN, &ip, sizeof(ip)) || ip.protocol != IPPROTO_UDP)
        return 0;
    u32 at = ETH_HLEN + ((u32)ip.ihl << 2);
    if (bpf_skb_load_bytes(skb, at, &udp, sizeof(udp)) || udp.dest != htons(53))
        return 0;
    struct question q = {};
    if (bpf_skb_load_bytes(skb, at + sizeof(udp) + 12, &q.name, sizeof(q.name)))
        return 0;
    asked.increment(q);
    return -1;
}
