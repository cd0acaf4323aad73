// How long TCP connections live and how much they carry.
#include <net/sock.h>
#include <net/tcp_states.h>
#include <linux/tcp.h>

struct life { u64 us, sent, received; u16 lport, rport; u32 family; };
BPF_HASH(born, struct sock *, u64);
BPF_PERF_OUTPUT(lives);

int kprobe__tcp_set_state(struct pt_regs *ctx, struct sock *sk, int state) {
    u64 now = bpf_ktime_get_ns();
    if (state < TCP_FIN_WAIT1) {
        born.update(&sk, &now);
        return 0;
    }
    if (state != TCP_CLOSE)
        return 0;
    u64 *at = born.lookup(&sk);
    if (!at)
        return 0;
    struct tcp_sock *tp = (struct tcp_sock *)sk;
    struct life l = {};
    l.us = (now - *at) / 1000;
    l.sent = tp->bytes_acked;
    l.received = tp->bytes_received;
    l.lport = sk->__sk_common.skc_num;
    l.rport = sk->__sk_common.skc_dport;
    l.rport = ntohs(l.rport);
    l.family = sk->__sk_common.skc_family;
    lives.perf_submit(ctx, &l, sizeof(l));
    born.delete(&sk);
    return 0;
}
