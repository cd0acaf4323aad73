// Raw and packet sockets that are made.
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/security.h>

struct raw { u32 pid, uid; int family, type, protocol; };
BPF_PERF_OUTPUT(raw_sockets);

int kprobe__security_socket_create(struct pt_regs *ctx, int family, int type, int protocol, int kern) {
    if (kern)
        return 0;
    if (family != AF_PACKET && (type & SOCK_TYPE_MASK) != SOCK_RAW)
        return 0;
    struct raw r = {};
    r.pid = bpf_get_current_pid_tgid() >> 32;
    r.uid = bpf_get_current_uid_gid();
    r.family = family;
    r.type = type;
    r.protocol = protocol;
    raw_sockets.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
