// Copies whole headers out of a packet and looks at their bit-fields.
#include <linux/skbuff.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <uapi/linux/in.h>
#include <uapi/linux/tcp.h>

struct syn { u32 saddr, daddr; u16 sport, dport, window; u8 ttl, header_words; };
BPF_PERF_OUTPUT(syns);

static inline int is_syn(const struct tcphdr *tcp) {
    return tcp->syn && !tcp->ack && !tcp->rst;
}

// types: segment=kprobe
int segment(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb) {
    struct iphdr ip = {};
    struct tcphdr tcp = {};
    unsigned char *head = skb->head;
    u16 network = skb->network_header, transport = skb->transport_header;
    bpf_probe_read_kernel(&ip, sizeof(ip), head + network);
    bpf_probe_read_kernel(&tcp, sizeof(tcp), head + transport);
    if (ip.version != 4 || ip.protocol != IPPROTO_TCP)
        return 0;
    if (!is_syn(&tcp))
        return 0;
    struct syn s = {};
    s.saddr = ip.saddr;
    s.daddr = ip.daddr;
    s.ttl = ip.ttl;
    s.header_words = tcp.doff;
    s.sport = ntohs(tcp.source);
    s.dport = ntohs(tcp.dest);
    s.window = ntohs(tcp.window);
    syns.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
