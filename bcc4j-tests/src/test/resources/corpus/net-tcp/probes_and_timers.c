// Retransmission timeouts by the connection's state, and keep-alive settings.
#include <net/tcp.h>
#include <net/inet_connection_sock.h>
#include <linux/tcp.h>
#include <linux/jiffies.h>

struct timeout { u32 rto_ms; u8 state, pending; u16 port; u32 keepalive_s; };
BPF_PERF_OUTPUT(timeouts);

int kprobe__tcp_write_timeout(struct pt_regs *ctx, struct sock *sk) {
    struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;
    struct tcp_sock *tp = (struct tcp_sock *)sk;
    struct timeout t = {};
    t.rto_ms = icsk->icsk_rto * MSEC_PER_SEC / HZ;
    t.pending = icsk->icsk_pending;
    t.state = sk->__sk_common.skc_state;
    t.port = sk->__sk_common.skc_num;
    t.keepalive_s = tp->keepalive_time / HZ;
    if (t.state == TCP_SYN_SENT)
        return 0;
    timeouts.perf_submit(ctx, &t, sizeof(t));
    return 0;
}
