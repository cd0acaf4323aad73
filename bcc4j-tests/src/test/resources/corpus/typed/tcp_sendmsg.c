// Bytes sent by connection, from the socket's own fields.
#include <net/sock.h>
#include <net/inet_sock.h>

struct flow { u32 local, remote; u16 local_port, remote_port; };
BPF_HASH(sent, struct flow);

KRETFUNC_PROBE(tcp_sendmsg, struct sock *sk, struct msghdr *msg, size_t size, int ret) {
    if (ret <= 0 || sk->__sk_common.skc_family != AF_INET)
        return 0;
    struct flow f = {};
    f.local = sk->__sk_common.skc_rcv_saddr;
    f.remote = sk->__sk_common.skc_daddr;
    f.local_port = sk->__sk_common.skc_num;
    f.remote_port = ntohs(sk->__sk_common.skc_dport);
    u64 zero = 0, *bytes = sent.lookup_or_try_init(&f, &zero);
    if (bytes)
        *bytes += ret;
    return 0;
}
