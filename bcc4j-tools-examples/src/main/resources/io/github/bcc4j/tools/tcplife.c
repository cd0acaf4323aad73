#include <linux/tcp.h>

BPF_TABLE("lru_hash", u64, u64, births, 65536);     // of sockets

static void changed(void *ctx, struct inet_event *e) {
    u64 sk = e->sk;
    if (e->newstate < FIN_WAIT1)
        births.update(&sk, &e->ns);
    if (e->newstate == SYN_SENT || e->newstate == LAST_ACK) // who connects, who closes: in its own context
        remember(sk, e->ns);
    if (e->newstate != CLOSE)
        return;
    u64 *birth = births.lookup(&sk);
    struct owner *o = owners.lookup(&sk);
    if (birth) {
        e->lasted = e->ns - *birth;
        struct owner now = {};
        now.pid = bpf_get_current_pid_tgid() >> 32;
        bpf_get_current_comm(&now.comm, sizeof(now.comm));
        owned_by(e, o ? o : &now);
        struct tcp_sock *tcp = (struct tcp_sock *)e->sk;
        bpf_probe_read_kernel(&e->sent, sizeof(e->sent), &tcp->bytes_acked);
        bpf_probe_read_kernel(&e->received, sizeof(e->received), &tcp->bytes_received);
#ifdef ONLY_PID
        if (e->pid == ONLY_PID)
#endif
            events.perf_submit(ctx, e, sizeof(*e));
        births.delete(&sk);
    }
    if (o)
        owners.delete(&sk);
}
