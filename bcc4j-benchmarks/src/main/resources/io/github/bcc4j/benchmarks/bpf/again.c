BPF_HASH(counts, u64, u64);

int count(void *context) {
    u64 thread = bpf_get_current_pid_tgid();
    counts.increment(thread);
    return 0;
}
