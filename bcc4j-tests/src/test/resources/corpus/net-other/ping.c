// Echo requests that arrive, with their sequence numbers: the unions of icmphdr.
#include <linux/skbuff.h>
#include <uapi/linux/icmp.h>

struct echo { u16 id, sequence; u32 length; };
BPF_PERF_OUTPUT(echoes);

int kprobe__icmp_rcv(struct pt_regs *ctx, struct sk_buff *skb) {
    struct icmphdr icmp = {};
    bpf_probe_read_kernel(&icmp, sizeof(icmp), skb->head + skb->transport_header);
    if (icmp.type != ICMP_ECHO)
        return 0;
    struct echo e = { ntohs(icmp.un.echo.id), ntohs(icmp.un.echo.sequence) };
    e.length = skb->len;
    echoes.perf_submit(ctx, &e, sizeof(e));
    return 0;
}
