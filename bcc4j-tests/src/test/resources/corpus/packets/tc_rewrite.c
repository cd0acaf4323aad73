// Rewrites the destination address of packets, with both checksums: bcc's packet writing helpers.
// types: rewrite=sched_cls
#include <bcc/proto.h>
#include <uapi/linux/bpf.h>
#include <linux/pkt_cls.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

BPF_HASH(rewrites, u32, u32);

int rewrite(struct __sk_buff *skb) {
    u8 *cursor = 0;
    struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
    if (ethernet->type != ETH_P_IP)
        return 1;
    struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
    u32 old = ip->dst;
    u32 *new = rewrites.lookup(&old);
    if (!new)
        return 1;
    ip->dst = *new;
    incr_cksum_l3(&ip->hchecksum, old, *new);
    if (ip->nextp == 17) {
        struct udp_t *udp = cursor_advance(cursor, sizeof(*udp));
        if (udp->crc)
            incr_cksum_l4(&udp->crc, old, *new, 1);
    }
    return 1;
}
