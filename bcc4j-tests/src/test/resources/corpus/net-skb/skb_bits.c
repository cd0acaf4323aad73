// Fields of sk_buff around its bit-fields: hash, mark, priority, queue, checksum.
#include <linux/skbuff.h>

struct meta { u32 hash, mark, priority; u16 queue, vlan; int iif; u32 truesize, data_len; };
BPF_PERF_OUTPUT(metas);

int kprobe__netif_receive_skb_list_internal(struct pt_regs *ctx, struct list_head *head) {
    struct list_head *first = head->next;
    if (first == head)
        return 0;
    struct sk_buff *skb = (struct sk_buff *)first;      // its list member comes first
    struct meta m = {};
    m.hash = skb->hash;
    m.mark = skb->mark;
    m.priority = skb->priority;
    m.queue = skb->queue_mapping;
    m.vlan = skb->vlan_tci;
    m.iif = skb->skb_iif;
    m.truesize = skb->truesize;
    m.data_len = skb->data_len;
    metas.perf_submit(ctx, &m, sizeof(m));
    return 0;
}
