// Which congestion control algorithm connections use, by name.
#include <net/tcp.h>
#include <net/inet_connection_sock.h>
#include <linux/tcp.h>

struct algorithm { char name[TCP_CA_NAME_MAX]; };
BPF_HASH(connections, struct algorithm);

int kprobe__tcp_init_congestion_control(struct pt_regs *ctx, struct sock *sk) {
    const struct inet_connection_sock *icsk = (struct inet_connection_sock *)sk;
    const struct tcp_congestion_ops *ops = icsk->icsk_ca_ops;
    if (!ops)
        return 0;
    struct algorithm a = {};
    bpf_probe_read_kernel_str(&a.name, sizeof(a.name), ops->name);
    connections.increment(a);
    return 0;
}
