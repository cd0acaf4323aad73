// Segments that are sent again, and probes for lost ends.
#include <linux/skbuff.h>
#include <net/sock.h>

struct retransmit_event {
    u64 ns;
    u32 pid;
    u32 seq;
    u16 lport;
    u16 rport;
    u16 state;
    u16 probe;
    u8 laddr[16];
    u8 raddr[16];
};

BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(tcp, tcp_retransmit_skb) {
    struct retransmit_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.pid = bpf_get_current_pid_tgid() >> 32;
    e.state = args->state;
    e.lport = args->sport;
    e.rport = args->dport;
    __builtin_memcpy(&e.laddr, args->saddr_v6, sizeof(e.laddr));
    __builtin_memcpy(&e.raddr, args->daddr_v6, sizeof(e.raddr));
    const struct sk_buff *skb = args->skbaddr;
    bpf_probe_read_kernel(&e.seq, sizeof(e.seq), &skb->cb); // TCP's control block begins with it
    if (!other_family(e.raddr))
        events.perf_submit(args, &e, sizeof(e));
    return 0;
}

#ifdef VIA_tcp_send_loss_probe
int loss_probe(struct pt_regs *ctx, struct sock *sk) {
    u16 family = 0, rport = 0;
    struct retransmit_event e = {.probe = 1};
    bpf_probe_read_kernel(&family, sizeof(family), &sk->__sk_common.skc_family);
    e.ns = bpf_ktime_get_ns();
    e.pid = bpf_get_current_pid_tgid() >> 32;
    u8 state = 0;
    bpf_probe_read_kernel(&state, sizeof(state), (void *)&sk->__sk_common.skc_state);
    e.state = state;
    bpf_probe_read_kernel(&e.lport, sizeof(e.lport), &sk->__sk_common.skc_num);
    bpf_probe_read_kernel(&rport, sizeof(rport), &sk->__sk_common.skc_dport);
    e.rport = rport >> 8 | rport << 8;
    if (family == 2) {
        e.laddr[10] = e.laddr[11] = e.raddr[10] = e.raddr[11] = 0xff;
        bpf_probe_read_kernel(&e.laddr[12], 4, &sk->__sk_common.skc_rcv_saddr);
        bpf_probe_read_kernel(&e.raddr[12], 4, &sk->__sk_common.skc_daddr);
    } else {
        bpf_probe_read_kernel(&e.laddr, sizeof(e.laddr), &sk->__sk_common.skc_v6_rcv_saddr);
        bpf_probe_read_kernel(&e.raddr, sizeof(e.raddr), &sk->__sk_common.skc_v6_daddr);
    }
    if (!other_family(e.raddr))
        events.perf_submit(ctx, &e, sizeof(e));
    return 0;
}
#endif
