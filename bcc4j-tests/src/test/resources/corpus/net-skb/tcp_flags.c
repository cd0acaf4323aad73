// The flags of received TCP segments, from the bytes of the header: its flags are bit-fields in C.
#include <linux/skbuff.h>
#include <linux/tcp.h>

BPF_ARRAY(flags, u64, 256);

int kprobe__tcp_v4_rcv(struct pt_regs *ctx, struct sk_buff *skb) {
    unsigned char *head = skb->head;
    u16 offset = skb->transport_header;
    if (offset == (u16)~0U)
        offset = skb->network_header + 20;
    u8 seen = 0;
    bpf_probe_read_kernel(&seen, sizeof(seen), head + offset + 13);
    int index = seen;
    flags.increment(index);
    return 0;
}
