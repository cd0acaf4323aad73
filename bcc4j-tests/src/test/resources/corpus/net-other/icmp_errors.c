// ICMP errors that are sent: type and code by name, the packet that caused them.
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/skbuff.h>

struct error { u8 type, code; u8 protocol; u8 pad; u32 to; };
BPF_HASH(errors, struct error);

int kprobe____icmp_send(struct pt_regs *ctx, struct sk_buff *skb, int type, int code) {
    if (type != ICMP_DEST_UNREACH && type != ICMP_TIME_EXCEEDED)
        return 0;
    struct iphdr *ip = (struct iphdr *)(skb->head + skb->network_header);
    struct error e = {};
    e.type = type;
    e.code = code;
    e.protocol = ip->protocol;
    e.to = ip->saddr;
    errors.increment(e);
    return 0;
}
