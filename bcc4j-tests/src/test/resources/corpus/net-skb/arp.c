// ARP requests and answers: arphdr and the addresses behind it.
#include <linux/skbuff.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>

struct arp { u16 operation; u8 sender[ETH_ALEN]; u32 sender_ip, target_ip; } __attribute__((packed));
BPF_PERF_OUTPUT(arps);

int kprobe__arp_rcv(struct pt_regs *ctx, struct sk_buff *skb, struct net_device *dev) {
    unsigned char *p = skb->head + skb->network_header;
    struct arphdr header = {};
    bpf_probe_read_kernel(&header, sizeof(header), p);
    if (header.ar_hrd != htons(ARPHRD_ETHER) || header.ar_hln != ETH_ALEN || header.ar_pln != 4)
        return 0;
    struct arp a = {};
    a.operation = ntohs(header.ar_op);
    if (a.operation != ARPOP_REQUEST && a.operation != ARPOP_REPLY)
        return 0;
    bpf_probe_read_kernel(&a.sender, sizeof(a.sender), p + sizeof(header));
    bpf_probe_read_kernel(&a.sender_ip, sizeof(a.sender_ip), p + sizeof(header) + ETH_ALEN);
    bpf_probe_read_kernel(&a.target_ip, sizeof(a.target_ip), p + sizeof(header) + 2 * ETH_ALEN + 4);
    arps.perf_submit(ctx, &a, sizeof(a));
    return 0;
}
