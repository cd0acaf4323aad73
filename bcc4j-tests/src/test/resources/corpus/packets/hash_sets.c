// Bytes of both directions of a connection in one entry: the ends sorted with macros of our own.
// types: flow=socket_filter
#include <bcc/proto.h>
#include <uapi/linux/in.h>

#define SWAP(a, b) do { typeof(a) t_ = (a); (a) = (b); (b) = t_; } while (0)
struct flow_of { u32 low, high; u16 low_port, high_port; };
struct bytes { u64 in, out; };
BPF_HASH(flows, struct flow_of, struct bytes);

int flow(struct __sk_buff *skb) {
    u8 *cursor = 0;
    struct ethernet_t *e = cursor_advance(cursor, sizeof(*e));
    struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
    if (e->type != 0x800 || ip->nextp != IPPROTO_UDP)
        return 0;
    struct udp_t *udp = cursor_advance(cursor, sizeof(*udp));
    struct flow_of f = {};
    f.low = ip->src;
    f.high = ip->dst;
    f.low_port = udp->sport;
    f.high_port = udp->dport;
    int turned = f.low > f.high;
    if (turned) {
        SWAP(f.low, f.high);
        SWAP(f.low_port, f.high_port);
    }
    struct bytes zero = {}, *b = flows.lookup_or_try_init(&f, &zero);
    if (b) {
        if (turned)
            lock_xadd(&b->out, skb->len);
        else
            lock_xadd(&b->in, skb->len);
    }
    return 0;
}
