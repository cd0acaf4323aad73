BPF_HASH(counts, u32, u64);
