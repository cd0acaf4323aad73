// Messages by bpf_trace_printk and events by two perf buffers; one carries the context's registers.
#include <uapi/linux/ptrace.h>

struct a { u32 x; };
struct b { u64 y; u8 z[3]; };
BPF_PERF_OUTPUT(first);
BPF_PERF_OUTPUT(second);

int kprobe__vfs_fsync(struct pt_regs *ctx, void *file, int datasync) {
    struct a a = { datasync };
    struct b b = { .y = bpf_ktime_get_ns(), .z = { 1, 2, 3 } };
    bpf_trace_printk("fsync %d at %llx by %d\n", datasync, PT_REGS_IP(ctx), (u32)bpf_get_current_pid_tgid());
    first.perf_submit(ctx, &a, sizeof(a));
    second.perf_submit(ctx, &b, sizeof(b));
    return 0;
}
