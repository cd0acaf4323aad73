// Packets by the longest matching prefix of their source: an LPM trie.
// types: route=xdp
#include <uapi/linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

struct prefix { u32 length; __be32 address; };
BPF_LPM_TRIE(networks, struct prefix, u32, 256);
BPF_HASH(by_network, u32);

int route(struct xdp_md *ctx) {
    void *data = (void *)(long)ctx->data;
    void *end = (void *)(long)ctx->data_end;
    struct { struct ethhdr eth; struct iphdr ip; } __attribute__((packed)) *packet = data;
    if ((void *)(packet + 1) > end)
        return XDP_PASS;
    if (packet->eth.h_proto != __constant_htons(ETH_P_IP))
        return XDP_PASS;
    struct prefix p = { .length = 32, .address = packet->ip.saddr };
    u32 *network = networks.lookup(&p);
    if (!network)
        return XDP_PASS;
    u32 n = *network;
    by_network.increment(n);
    return n == 0 ? XDP_DROP : XDP_PASS;
}
