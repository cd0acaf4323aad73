// Sends packets on to another device by a device map, addresses swapped.
// types: forward=xdp
#define KBUILD_MODNAME "forward"
#include <uapi/linux/bpf.h>
#include <linux/if_ether.h>

BPF_DEVMAP(ports, 2);
BPF_PERCPU_ARRAY(forwarded, long, 1);

static inline void turn_around(struct ethhdr *eth) {
    u8 mac[ETH_ALEN];
    __builtin_memcpy(mac, eth->h_dest, ETH_ALEN);
    __builtin_memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
    __builtin_memcpy(eth->h_source, mac, ETH_ALEN);
}

int forward(struct xdp_md *ctx) {
    void *end = (void *)(long)ctx->data_end, *data = (void *)(long)ctx->data;
    struct ethhdr *eth = data;
    if (data + sizeof(*eth) > end)
        return XDP_DROP;
    uint32_t key = 0;
    long *n = forwarded.lookup(&key);
    if (n)
        *n += 1;
    turn_around(eth);
    return ports.redirect_map(0, 0);
}
