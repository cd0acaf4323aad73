// Accepted connections: the listening socket's backlog is near its limit or not.
#include <net/sock.h>
#include <net/inet_sock.h>

struct accepted { u32 pid; u16 lport; u16 family; u32 backlog, limit; u32 peer; };
BPF_PERF_OUTPUT(accepted);

int kretprobe__inet_csk_accept(struct pt_regs *ctx) {
    struct sock *sk = (struct sock *)PT_REGS_RC(ctx);
    if (sk == NULL || IS_ERR(sk))
        return 0;
    struct accepted a = {};
    a.pid = bpf_get_current_pid_tgid() >> 32;
    a.lport = sk->__sk_common.skc_num;
    a.family = sk->__sk_common.skc_family;
    a.backlog = sk->sk_ack_backlog;
    a.limit = sk->sk_max_ack_backlog;
    if (a.family == AF_INET)
        a.peer = sk->__sk_common.skc_daddr;
    accepted.perf_submit(ctx, &a, sizeof(a));
    return 0;
}
