// A socket filter with cursor_advance and bcc's own header structs: packets by protocol.
// types: filter=socket_filter
#include <bcc/proto.h>

BPF_ARRAY(protocols, u64, 256);

int filter(struct __sk_buff *skb) {
    u8 *cursor = 0;
    struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
    if (ethernet->type != 0x0800)
        return 0;
    struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
    int protocol = ip->nextp;
    protocols.increment(protocol);
    return -1;
}
