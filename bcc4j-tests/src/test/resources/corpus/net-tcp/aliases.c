// The short names that net/sock.h gives to the members of sock_common.
#include <net/sock.h>
#include <net/inet_sock.h>

struct ends {
    u32 saddr, daddr, family, state, bound_if;
    u16 sport, dport;
    u8 v6only, reuse;
    u64 netns;
};
BPF_HASH(ends_of, struct sock *, struct ends);

int kprobe__tcp_set_state(struct pt_regs *ctx, struct sock *sk, int state) {
    struct inet_sock *inet = inet_sk(sk);
    struct ends e = {};
    e.saddr = sk->sk_rcv_saddr;
    e.daddr = sk->sk_daddr;
    e.family = sk->sk_family;
    e.state = sk->sk_state;
    e.bound_if = sk->sk_bound_dev_if;
    e.dport = sk->sk_dport;
    e.sport = inet->inet_sport;
    e.netns = (u64)sk->sk_net.net;
    if (e.family != AF_INET && e.family != AF_INET6)
        return 0;
    if (state == TCP_CLOSE)
        ends_of.delete(&sk);
    else
        ends_of.update(&sk, &e);
    return 0;
}
