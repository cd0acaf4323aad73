// Bytes that wait in the send and receive queues when a process receives.
#include <net/sock.h>
#include <linux/tcp.h>
#include <linux/refcount.h>

struct queued { u32 unread, unsent, wmem, rmem; };
BPF_HASH(queued_by, u32, struct queued);

int kprobe__tcp_recvmsg(struct pt_regs *ctx, struct sock *sk) {
    struct tcp_sock *tp = (struct tcp_sock *)sk;
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct queued q = {};
    q.unread = tp->rcv_nxt - tp->copied_seq;
    q.unsent = tp->write_seq - tp->snd_una;
    q.wmem = sk->sk_wmem_alloc.refs.counter;
    q.rmem = sk->sk_backlog.rmem_alloc.counter;
    queued_by.update(&pid, &q);
    return 0;
}
