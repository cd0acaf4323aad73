// Names that are resolved, and how long that takes.
// types: asked=kprobe, answered=kprobe
#include <linux/sched.h>

struct asked { char host[80]; u64 at; };
struct resolved { u32 pid; int result; u64 us; char comm[TASK_COMM_LEN]; char host[80]; };
BPF_HASH(asking, u32, struct asked);
BPF_PERF_OUTPUT(resolved);

int asked(struct pt_regs *ctx, const char *node) {
    if (!node)
        return 0;
    u32 tid = bpf_get_current_pid_tgid();
    struct asked a = {};
    a.at = bpf_ktime_get_ns();
    bpf_probe_read_user(&a.host, sizeof(a.host), node);
    asking.update(&tid, &a);
    return 0;
}

int answered(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    u32 tid = id;
    struct asked *a = asking.lookup(&tid);
    if (!a)
        return 0;
    struct resolved r = {};
    r.pid = id >> 32;
    r.result = PT_REGS_RC(ctx);
    r.us = (bpf_ktime_get_ns() - a->at) / 1000;
    bpf_get_current_comm(&r.comm, sizeof(r.comm));
    __builtin_memcpy(&r.host, a->host, sizeof(r.host));
    resolved.perf_submit(ctx, &r, sizeof(r));
    asking.delete(&tid);
    return 0;
}
