// Bit-fields of kernel structs: a copy of the struct's part around them, then the fields by name.
#include <linux/skbuff.h>
#include <net/sock.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/inet_sock.h>

BPF_ARRAY(options, u64, 4);

int kprobe__ip_queue_xmit(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb) {
    struct iphdr ip = {};
    struct sk_buff copy = {};
    bpf_probe_read_kernel(&copy, offsetof(struct sk_buff, cb), skb);
    if (copy.sk == NULL)
        return 0;
    struct inet_sock *inet = (struct inet_sock *)sk;
    u8 tos = inet->tos;
    struct tcphdr tcp = {};
    unsigned char *head = skb->head;
    u16 transport = skb->transport_header;
    bpf_probe_read_kernel(&tcp, sizeof(tcp), head + transport);
    if (tcp.psh)
        options.increment(0);
    if (tcp.fin)
        options.increment(1);
    if (tcp.ece || tcp.cwr)
        options.increment(2);
    if (tos)
        options.increment(3);
    return 0;
}
