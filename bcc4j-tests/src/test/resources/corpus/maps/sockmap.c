// Sockets of one host joined without the network stack.
// types: established=cgroup_sock_ops, deliver=sk_msg
#include <uapi/linux/bpf.h>
#include <linux/socket.h>

struct ends { u32 remote_ip4, local_ip4, remote_port, local_port; };
BPF_SOCKHASH(pairs, struct ends, 4096);

int established(struct bpf_sock_ops *ops) {
    if (ops->family != AF_INET)
        return 0;
    if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        return 0;
    struct ends e = {};
    e.remote_ip4 = ops->remote_ip4;
    e.local_ip4 = ops->local_ip4;
    e.remote_port = ops->remote_port;
    e.local_port = htonl(ops->local_port);
    pairs.sock_hash_update(ops, &e, BPF_NOEXIST);
    return 0;
}

int deliver(struct sk_msg_md *msg) {
    struct ends e = {};
    e.remote_ip4 = msg->local_ip4;
    e.local_ip4 = msg->remote_ip4;
    e.remote_port = htonl(msg->local_port);
    e.local_port = msg->remote_port;
    return pairs.msg_redirect_hash(msg, &e, BPF_F_INGRESS);
}
