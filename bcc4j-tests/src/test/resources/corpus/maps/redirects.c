// XDP to other CPUs and to user sockets.
// types: spread=xdp, to_user=xdp
#include <uapi/linux/bpf.h>

BPF_CPUMAP(cpus, 16);
BPF_XSKMAP(sockets, 16);

int spread(struct xdp_md *ctx) {
    u32 cpu = ctx->rx_queue_index & 1;
    return cpus.redirect_map(cpu, 0);
}

int to_user(struct xdp_md *ctx) {
    int queue = ctx->rx_queue_index;
    if (sockets.lookup(&queue))
        return sockets.redirect_map(queue, 0);
    return XDP_PASS;
}
