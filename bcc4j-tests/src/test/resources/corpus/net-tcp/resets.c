// RST segments that are sent or received, in which state.
#include <net/sock.h>
#include <net/tcp.h>
#include <linux/skbuff.h>

struct reset { u64 ns; u32 pid, peer; u16 port; u8 state; u8 sent; };
BPF_PERF_OUTPUT(resets);

static int record(struct pt_regs *ctx, struct sock *sk, int sent) {
    struct reset r = {};
    if (!sk)
        return 0;
    r.ns = bpf_ktime_get_ns();
    r.pid = bpf_get_current_pid_tgid() >> 32;
    r.state = sk->__sk_common.skc_state;
    r.peer = sk->__sk_common.skc_daddr;
    r.port = sk->__sk_common.skc_num;
    r.sent = sent;
    resets.perf_submit(ctx, &r, sizeof(r));
    return 0;
}

int kprobe__tcp_send_active_reset(struct pt_regs *ctx, struct sock *sk) {
    return record(ctx, sk, 1);
}

int kprobe__tcp_reset(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb) {
    return record(ctx, sk, 0);
}
