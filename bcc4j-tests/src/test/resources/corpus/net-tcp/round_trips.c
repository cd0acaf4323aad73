// Smoothed round-trip times by remote address, and the congestion window.
#include <linux/tcp.h>
#include <net/sock.h>

struct peer { u32 addr; };
struct sums { u64 srtt_us, samples; u32 cwnd, ssthresh, mss; };
BPF_HASH(peers, struct peer, struct sums);
BPF_HISTOGRAM(srtt);

int kprobe__tcp_rcv_established(struct pt_regs *ctx, struct sock *sk) {
    struct tcp_sock *ts = tcp_sk(sk);
    u32 us = ts->srtt_us >> 3;
    struct peer p = { .addr = sk->__sk_common.skc_daddr };
    struct sums zero = {}, *s = peers.lookup_or_try_init(&p, &zero);
    if (s) {
        s->srtt_us += us;
        s->samples++;
        s->cwnd = ts->snd_cwnd;
        s->ssthresh = ts->snd_ssthresh;
        s->mss = ts->mss_cache;
    }
    srtt.increment(bpf_log2l(us));
    return 0;
}
