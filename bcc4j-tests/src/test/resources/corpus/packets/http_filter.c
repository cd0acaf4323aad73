// A socket filter that lets HTTP answers through: TCP payload by header lengths, bytes by load_byte.
// types: http=socket_filter
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <bcc/proto.h>

#define IP_TCP 6


int http(struct __sk_buff *skb) {
    u8 *cursor = 0;
    struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
    if (ethernet->type != 0x0800)
        return 0;
    struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
    if (ip->nextp != IP_TCP)
        return 0;
    u32 ip_bytes = ip->hlen << 2;
    if (ip_bytes < sizeof(*ip))
        return 0;
    void *options = cursor_advance(cursor, (ip_bytes - sizeof(*ip)));
    struct tcp_t *tcp = cursor_advance(cursor, sizeof(*tcp));
    u32 tcp_bytes = tcp->offset << 2;
    u32 at = ETH_HLEN + ip_bytes + tcp_bytes;
    u32 payload = ip->tlen - ip_bytes - tcp_bytes;
    if (payload < 7)
        return 0;
    u8 first[4];
    for (int i = 0; i < 4; i++)
        first[i] = load_byte(skb, at + i);
    return first[0] == 'H' && first[1] == 'T' && first[2] == 'T' && first[3] == 'P' ? -1 : 0;
}
