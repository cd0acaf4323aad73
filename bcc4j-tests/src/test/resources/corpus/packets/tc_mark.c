// A traffic-control classifier that marks ssh and drops telnet.
// types: classify=sched_cls
#include <uapi/linux/bpf.h>
#include <uapi/linux/pkt_cls.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <linux/in.h>

int classify(struct __sk_buff *skb) {
    void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
    struct ethhdr *eth = data;
    struct iphdr *ip = data + sizeof(*eth);
    struct tcphdr *tcp = data + sizeof(*eth) + sizeof(*ip);
    if ((void *)(tcp + 1) > end)
        return TC_ACT_OK;
    if (eth->h_proto != htons(ETH_P_IP) || ip->ihl != 5 || ip->protocol != IPPROTO_TCP)
        return TC_ACT_OK;
    if (tcp->dest == htons(23))
        return TC_ACT_SHOT;
    if (tcp->dest == htons(22) || tcp->source == htons(22))
        skb->mark = 0x16;
    return TC_ACT_OK;
}
