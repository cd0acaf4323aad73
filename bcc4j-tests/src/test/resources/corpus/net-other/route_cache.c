// The device and gateway that a route leads to: dst_entry, rtable.
#include <net/route.h>
#include <net/dst.h>
#include <linux/netdevice.h>

struct way { int ifindex; u32 gateway; u16 type; };
BPF_HASH(ways, struct way);

int kretprobe__ip_route_output_key_hash(struct pt_regs *ctx) {
    struct rtable *rt = (struct rtable *)PT_REGS_RC(ctx);
    if (IS_ERR_OR_NULL(rt))
        return 0;
    struct net_device *dev = rt->dst.dev;
    struct way w = {};
    w.ifindex = dev->ifindex;
    w.gateway = rt->rt_gw4;
    w.type = rt->rt_type;
    ways.increment(w);
    return 0;
}
