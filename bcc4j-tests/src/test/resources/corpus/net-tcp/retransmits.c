// Retransmitted segments by peer, with the number of attempts in a row and the timer's backoff.
#include <net/sock.h>
#include <net/inet_connection_sock.h>
#include <linux/tcp.h>

struct which { u32 daddr; u16 dport; u8 attempts, backoff; };
BPF_HASH(retransmits, struct which);

int kprobe__tcp_retransmit_skb(struct pt_regs *ctx, struct sock *sk) {
    struct inet_connection_sock *icsk = inet_csk(sk);
    struct which k = {};
    k.attempts = icsk->icsk_retransmits;
    k.backoff = icsk->icsk_backoff;
    k.daddr = sk->sk_daddr;
    u16 dport = sk->sk_dport;
    k.dport = be16_to_cpu(dport);
    retransmits.increment(k);
    return 0;
}
