// Arguments of system calls by kprobe: bcc finds them behind the wrapper's pt_regs.
#include <uapi/linux/ptrace.h>
#include <uapi/linux/limits.h>

struct removed { u32 pid; int dirfd, flags; char path[128]; };
BPF_PERF_OUTPUT(removed);

int syscall__unlinkat(struct pt_regs *ctx, int dfd, const char __user *pathname, int flag) {
    struct removed r = {};
    r.pid = bpf_get_current_pid_tgid() >> 32;
    r.dirfd = dfd;
    r.flags = flag;
    bpf_probe_read_user_str(&r.path, sizeof(r.path), (void *)pathname);
    removed.perf_submit(ctx, &r, sizeof(r));
    return 0;
}
// types: syscall__unlinkat=kprobe
