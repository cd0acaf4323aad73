// From a file to its socket: SOCKET_I by hand, and what protocol functions it has.
#include <linux/net.h>
#include <linux/fs.h>
#include <net/sock.h>

struct closed { u32 pid; short type; u16 protocol, family; u64 ops; };
BPF_PERF_OUTPUT(closed);

int kprobe__sock_close(struct pt_regs *ctx, struct inode *inode, struct file *file) {
    struct socket *sock = file->private_data;
    if (!sock)
        return 0;
    struct sock *sk = sock->sk;
    struct closed c = {};
    c.pid = bpf_get_current_pid_tgid() >> 32;
    c.type = sock->type;
    c.ops = (u64)sock->ops;
    if (sk) {
        c.family = sk->__sk_common.skc_family;
        c.protocol = sk->sk_protocol;
    }
    if (c.type != SOCK_STREAM && c.type != SOCK_DGRAM)
        return 0;
    closed.perf_submit(ctx, &c, sizeof(c));
    return 0;
}
