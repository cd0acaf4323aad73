// Latency of reads on btrfs, failed ones left out; its functions are in a module on many kernels.
#include <linux/fs.h>

BPF_HISTOGRAM(read_us);
BPF_HASH(started, u32, u64);

int kprobe__btrfs_file_read_iter(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 now = bpf_ktime_get_ns();
    started.update(&tid, &now);
    return 0;
}

int kretprobe__btrfs_file_read_iter(struct pt_regs *ctx) {
    u32 tid = bpf_get_current_pid_tgid();
    u64 *at = started.lookup(&tid);
    if (!at)
        return 0;
    if ((long)PT_REGS_RC(ctx) >= 0)
        read_us.increment(bpf_log2l((bpf_ktime_get_ns() - *at) / 1000));
    started.delete(&tid);
    return 0;
}
