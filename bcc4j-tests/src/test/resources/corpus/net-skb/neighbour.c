// Neighbours whose state becomes failed: struct neighbour, its device, its hardware address.
#include <net/neighbour.h>
#include <linux/netdevice.h>

struct lost { int ifindex; u8 state; u8 mac[ETH_ALEN]; u32 ip; char dev[IFNAMSIZ]; };
BPF_PERF_OUTPUT(losses);

int kprobe__neigh_invalidate(struct pt_regs *ctx, struct neighbour *n) {
    struct net_device *dev = n->dev;
    struct lost l = {};
    l.ifindex = dev->ifindex;
    l.state = n->nud_state;
    if (!(l.state & (NUD_INCOMPLETE | NUD_PROBE | NUD_FAILED)))
        return 0;
    bpf_probe_read_kernel(&l.mac, sizeof(l.mac), n->ha);
    bpf_probe_read_kernel(&l.ip, sizeof(l.ip), n->primary_key);
    bpf_probe_read_kernel_str(&l.dev, sizeof(l.dev), dev->name);
    losses.perf_submit(ctx, &l, sizeof(l));
    return 0;
}
