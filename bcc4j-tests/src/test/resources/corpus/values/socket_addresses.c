// Addresses of both families in one struct, as accept(2) returns them to programs.
#include <linux/socket.h>
#include <uapi/linux/in.h>
#include <uapi/linux/in6.h>
#include <linux/inet.h>

union address { struct in_addr v4; struct in6_addr v6; };
struct peer { union address address; u16 port; u16 family; };
BPF_HASH(out, u64, void *);
BPF_HASH(peers, struct peer);

TRACEPOINT_PROBE(syscalls, sys_enter_accept4) {
    u64 id = bpf_get_current_pid_tgid();
    void *where = args->upeer_sockaddr;
    if (where)
        out.update(&id, &where);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_accept4) {
    u64 id = bpf_get_current_pid_tgid();
    void **where = out.lookup(&id);
    if (!where)
        return 0;
    struct sockaddr_storage a = {};
    struct peer p = {};
    bpf_probe_read_user(&a, sizeof(struct sockaddr_in6), *where);
    out.delete(&id);
    p.family = a.ss_family;
    if (p.family == AF_INET) {
        struct sockaddr_in *in = (struct sockaddr_in *)&a;
        p.address.v4.s_addr = in->sin_addr.s_addr;
        p.port = ntohs(in->sin_port);
    } else if (p.family == AF_INET6) {
        struct sockaddr_in6 *in = (struct sockaddr_in6 *)&a;
        p.address.v6 = in->sin6_addr;
        p.port = ntohs(in->sin6_port);
    } else {
        return 0;
    }
    peers.increment(p);
    return 0;
}
