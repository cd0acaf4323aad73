// Packets by transport protocol, through VLAN tags, for IPv4 and IPv6.
// types: count=xdp
#define KBUILD_MODNAME "count"
#include <uapi/linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/in.h>

BPF_TABLE("percpu_array", uint32_t, long, protocols, 256);

static inline int next_v4(void *data, u64 offset, void *end) {
    struct iphdr *ip = data + offset;
    if ((void *)&ip[1] > end)
        return 0;
    return ip->protocol;
}

static inline int next_v6(void *data, u64 offset, void *end) {
    struct ipv6hdr *ip = data + offset;
    if ((void *)&ip[1] > end)
        return 0;
    return ip->nexthdr;
}

int count(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end, *data = (void *)(long)ctx->data;
    struct ethhdr *eth = data;
    u64 offset = sizeof(*eth);
    if (data + offset > end)
        return XDP_DROP;
    u16 proto = eth->h_proto;
    for (int i = 0; i < 2; i++) {
        if (proto != htons(ETH_P_8021Q) && proto != htons(ETH_P_8021AD))
            break;
        struct vlan_hdr *tag = data + offset;
        offset += sizeof(*tag);
        if (data + offset > end)
            return XDP_DROP;
        proto = tag->h_vlan_encapsulated_proto;
    }
    uint32_t index = 0;
    if (proto == htons(ETH_P_IP))
        index = next_v4(data, offset, end);
    else if (proto == htons(ETH_P_IPV6))
        index = next_v6(data, offset, end);
    long *value = protocols.lookup(&index);
    if (value)
        *value += 1;
    return index == IPPROTO_UDP ? XDP_DROP : XDP_PASS;
}
