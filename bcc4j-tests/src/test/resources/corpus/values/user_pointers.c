// Pointers to user memory in every spelling, uintptr_t, vectors of buffers.
#include <linux/uio.h>
#include <linux/socket.h>
#include <linux/compiler.h>
#include <uapi/linux/uio.h>

struct gathered { u32 pid; u64 buffers, bytes; uintptr_t first; };
BPF_PERF_OUTPUT(gathered);

TRACEPOINT_PROBE(syscalls, sys_enter_writev) {
    const struct iovec __user *vec = (const struct iovec __user *)args->vec;
    struct gathered g = { .pid = bpf_get_current_pid_tgid() >> 32 };
    g.buffers = args->vlen;
    for (int i = 0; i < 8; i++) {
        struct iovec v = {};
        if (i >= g.buffers)
            break;
        if (bpf_probe_read_user(&v, sizeof(v), (void *)(vec + i)))
            break;
        if (i == 0)
            g.first = (uintptr_t)v.iov_base;
        g.bytes += v.iov_len;
    }
    gathered.perf_submit(args, &g, sizeof(g));
    return 0;
}
