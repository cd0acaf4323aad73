// The first bytes of datagrams to port 53: where the query's name is, in the sender's memory.
#include <net/sock.h>
#include <linux/socket.h>
#include <linux/uio.h>

struct query { u32 pid; u32 length; u8 bytes[64]; };
BPF_PERF_OUTPUT(queries);

int kprobe__udp_sendmsg(struct pt_regs *ctx, struct sock *sk, struct msghdr *msg, size_t len) {
    u16 dport = sk->__sk_common.skc_dport;
    if (dport != htons(53))
        return 0;
    struct query q = {};
    q.pid = bpf_get_current_pid_tgid() >> 32;
    q.length = len;
    void *base;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
    u8 type = msg->msg_iter.iter_type;
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
    const struct iovec *iov = type == ITER_UBUF ? NULL : msg->msg_iter.__iov;
    base = iov ? iov->iov_base : msg->msg_iter.ubuf;
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
    const struct iovec *iov = type == ITER_UBUF ? NULL : msg->msg_iter.iov;
    base = iov ? iov->iov_base : msg->msg_iter.ubuf;
#else
    base = msg->msg_iter.iov->iov_base;
#endif
    bpf_probe_read_user(&q.bytes, sizeof(q.bytes), base);
    queries.perf_submit(ctx, &q, sizeof(q));
    return 0;
}
