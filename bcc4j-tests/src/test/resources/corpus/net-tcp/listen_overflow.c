// Requests that a full accept queue drops.
#include <net/sock.h>
#include <net/inet_sock.h>
#include <net/request_sock.h>
#include <net/inet_connection_sock.h>

struct listener { u32 addr; u16 port; u16 family; };
BPF_HASH(dropped, struct listener);

int kprobe__tcp_conn_request(struct pt_regs *ctx, void *rsk_ops, void *af_ops, struct sock *sk) {
    u32 backlog = sk->sk_ack_backlog, most = sk->sk_max_ack_backlog;
    if (backlog <= most)
        return 0;
    struct inet_sock *inet = (struct inet_sock *)sk;
    struct listener l = {};
    l.addr = inet->inet_rcv_saddr;
    l.port = inet->inet_num;
    l.family = sk->sk_family;
    struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;
    u32 young = icsk->icsk_accept_queue.young.counter;
    if (young > 0)
        dropped.increment(l);
    return 0;
}
