// Sends packets on to another device by a device map, addresses swapped.
// types: forward=xdp
#define KBUILD_MODNAME "forward"
#include <uapi/linux/bpf.h>
#include <linux/if_ether.h>

BPF_DEVMAP(ports, 2);
BPF_PERCPU_ARRAY(forwarded, long, 1);

static inline void swap_addresses(void *data) {
    unsigned short *p = data, dst[3];
    dst[0] = p[0];
    dst[1] = p[1];
    dst[2] = p[2];
    p[0] = p[3];
    p[1] = p[4];
    p[2] = p[5];
    p[3] = dst[0];
    p[4] = dst[1];
    p[5] = dst[2];
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
    swap_addresses(data);
    return ports.redirect_map(0, 0);
}
