// A text as a front end assembles it: filters that flags switch on, names that macros replace.
// flags: -DFILTER_PID=1 -DUNIT_NS=1000 -DTHREADS
#include <uapi/linux/ptrace.h>
#include <linux/blk_types.h>

#ifdef THREADS
#define ID() ((u32)bpf_get_current_pid_tgid())
#else
#define ID() ((u32)(bpf_get_current_pid_tgid() >> 32))
#endif
#ifndef FILTER_UID
#define FILTER_UID(uid) 0
#endif

BPF_HASH(since, u32);
BPF_HISTOGRAM(latencies);

static bool skip(void) {
    u32 pid = bpf_get_current_pid_tgid() >> 32, uid = bpf_get_current_uid_gid();
#ifdef FILTER_PID
    if (pid != FILTER_PID)
        return true;
#endif
    return FILTER_UID(uid);
}

int kprobe__vfs_read(struct pt_regs *ctx) {
    if (skip())
        return 0;
    u32 id = ID();
    u64 now = bpf_ktime_get_ns();
    since.update(&id, &now);
    return 0;
}

int kretprobe__vfs_read(struct pt_regs *ctx) {
    u32 id = ID();
    u64 *at = since.lookup(&id);
    if (at == 0)
        return 0;
    latencies.increment(bpf_log2l((bpf_ktime_get_ns() - *at) / UNIT_NS));
    since.delete(&id);
    return 0;
}
