// The sizes of block requests, by the process that issued them.

struct comm {
    char name[16];
};

struct key {
    struct comm comm;
    u64 slot;
};

BPF_HISTOGRAM(sizes, struct key);

TRACEPOINT_PROBE(block, block_rq_issue) {
    struct key key = {.slot = bpf_log2l(args->bytes / 1024)};
    bpf_get_current_comm(&key.comm.name, sizeof(key.comm.name));
    sizes.increment(key);
    return 0;
}
