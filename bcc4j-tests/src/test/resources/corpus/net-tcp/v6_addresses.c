// IPv6 peers, v4-mapped ones told apart.
#include <net/sock.h>
#include <net/ipv6.h>
#include <linux/in6.h>

struct peer { struct in6_addr addr; };
BPF_HASH(peers, struct peer);
BPF_ARRAY(mapped, u64, 1);

int kprobe__tcp_v6_do_rcv(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb) {
    struct peer p = {};
    bpf_probe_read_kernel(&p.addr, sizeof(p.addr), &sk->sk_v6_daddr);
    if (p.addr.s6_addr32[0] == 0 && p.addr.s6_addr32[1] == 0 && p.addr.s6_addr32[2] == htonl(0xffff)) {
        mapped.increment(0);
        return 0;
    }
    peers.increment(p);
    return 0;
}
