// Segments that the card will cut: skb_shared_info at the end of the data.
#include <linux/skbuff.h>
#include <linux/netdevice.h>

BPF_HISTOGRAM(segments);
BPF_HISTOGRAM(fragments);

int kprobe____dev_queue_xmit(struct pt_regs *ctx, struct sk_buff *skb) {
    unsigned char *head = skb->head;
    u32 end = skb->end;
    struct skb_shared_info *shared = (struct skb_shared_info *)(head + end);
    unsigned short segs = 0;
    u8 frags = 0;
    bpf_probe_read_kernel(&segs, sizeof(segs), &shared->gso_segs);
    bpf_probe_read_kernel(&frags, sizeof(frags), &shared->nr_frags);
    segments.increment(bpf_log2l(segs ? segs : 1));
    fragments.increment(frags);
    return 0;
}
