// The sizes of block requests.

BPF_HISTOGRAM(dist);
BPF_HISTOGRAM(dist_linear);

TRACEPOINT_PROBE(block, block_rq_complete) {
    u32 kib = args->nr_sector / 2;      // a sector is 512 bytes
    dist.increment(bpf_log2l(kib));
    dist_linear.increment(kib);
    return 0;
}
