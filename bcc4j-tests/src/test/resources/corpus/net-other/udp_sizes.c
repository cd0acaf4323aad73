// Sizes of datagrams sent, by destination port taken from the message or from the connected socket.
#include <net/sock.h>
#include <net/inet_sock.h>
#include <linux/socket.h>
#include <uapi/linux/in.h>

struct to { u16 port; u16 size_class; };
BPF_HASH(sent, struct to);

int kprobe__udp_sendmsg(struct pt_regs *ctx, struct sock *sk, struct msghdr *msg, size_t len) {
    struct sockaddr_in *name = msg->msg_name;
    struct to t = {};
    u16 port = 0;
    if (name)
        bpf_probe_read_kernel(&port, sizeof(port), &name->sin_port);
    else
        port = sk->sk_dport;
    t.port = ntohs(port);
    t.size_class = bpf_log2l(len);
    sent.increment(t);
    return 0;
}
