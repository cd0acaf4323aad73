// The peer of a unix stream socket that sends: struct unix_sock, its peer's credentials.
#include <net/af_unix.h>
#include <linux/net.h>
#include <net/sock.h>
#include <linux/pid.h>

struct message { u32 from, to; u64 bytes; };
BPF_PERF_OUTPUT(messages);

int kprobe__unix_stream_sendmsg(struct pt_regs *ctx, struct socket *sock, struct msghdr *msg, size_t len) {
    struct sock *sk = sock->sk;
    struct unix_sock *us = (struct unix_sock *)sk;
    struct sock *peer = us->peer;
    if (!peer)
        return 0;
    struct message m = {};
    m.from = bpf_get_current_pid_tgid() >> 32;
    m.bytes = len;
    struct pid *owner = peer->sk_peer_pid;
    if (owner) {
        struct upid first = {};
        bpf_probe_read_kernel(&first, sizeof(first), &owner->numbers[0]);
        m.to = first.nr;
    }
    messages.perf_submit(ctx, &m, sizeof(m));
    return 0;
}
