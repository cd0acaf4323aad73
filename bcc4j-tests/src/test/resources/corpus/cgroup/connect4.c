// Sends connections to one port elsewhere, per cgroup.
// types: redirect=cgroup_connect4
#include <uapi/linux/bpf.h>
#include <linux/socket.h>
#include <linux/in.h>

BPF_HASH(ports, u16, u16, 64);

int redirect(struct bpf_sock_addr *ctx) {
    if (ctx->family != AF_INET || ctx->protocol != IPPROTO_TCP)
        return 1;
    u16 port = ntohs(ctx->user_port);
    u16 *other = ports.lookup(&port);
    if (other)
        ctx->user_port = htons(*other);
    return 1;
}
