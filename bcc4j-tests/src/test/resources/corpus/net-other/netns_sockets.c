// Sockets made, by network namespace, family and type.
#include <net/net_namespace.h>
#include <linux/net.h>
#include <net/sock.h>

struct made { u32 netns; u16 family, type; int protocol; };
BPF_HASH(sockets, struct made);

int kprobe__sk_alloc(struct pt_regs *ctx, struct net *net, int family) {
    struct made m = {};
#ifdef CONFIG_NET_NS
    m.netns = net->ns.inum;
#endif
    m.family = family;
    sockets.increment(m);
    return 0;
}
