// Drops IPv4 packets from addresses in a map, counting them: direct packet access.
// types: drop=xdp
#include <uapi/linux/bpf.h>
#include <linux/in.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

BPF_HASH(blocked, __be32, u64, 1024);
BPF_PERCPU_ARRAY(passed, u64, 1);

int drop(struct xdp_md *ctx) {
    void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
    struct ethhdr *eth = data;
    if ((void *)(eth + 1) > end || eth->h_proto != htons(ETH_P_IP))
        return XDP_PASS;
    struct iphdr *ip = (void *)(eth + 1);
    if ((void *)(ip + 1) > end)
        return XDP_PASS;
    __be32 from = ip->saddr;
    u64 *count = blocked.lookup(&from);
    if (count) {
        __sync_fetch_and_add(count, 1);
        return XDP_DROP;
    }
    int zero = 0;
    u64 *n = passed.lookup(&zero);
    if (n)
        (*n)++;
    return XDP_PASS;
}
