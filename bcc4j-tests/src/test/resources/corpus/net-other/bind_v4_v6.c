// Ports that processes bind, refused ones included: sockaddr_in and sockaddr_in6.
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/net.h>
#include <net/sock.h>
#include <linux/errno.h>

struct bound { u32 pid; u16 family, port; int ret; };
BPF_HASH(calls, u64, struct bound);
BPF_PERF_OUTPUT(binds);

TRACEPOINT_PROBE(syscalls, sys_enter_bind) {
    u64 id = bpf_get_current_pid_tgid();
    struct sockaddr any = {};
    struct bound b = { .pid = id >> 32 };
    bpf_probe_read_user(&any, sizeof(any), args->umyaddr);
    b.family = any.sa_family;
    if (b.family == AF_INET)
        b.port = ((struct sockaddr_in *)&any)->sin_port;
    else if (b.family == AF_INET6)
        b.port = ((struct sockaddr_in6 *)&any)->sin6_port;
    else
        return 0;
    b.port = __builtin_bswap16(b.port);
    calls.update(&id, &b);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_bind) {
    u64 id = bpf_get_current_pid_tgid();
    struct bound *b = calls.lookup(&id);
    if (!b)
        return 0;
    b->ret = args->ret;
    if (b->ret == 0 || b->ret == -EADDRINUSE || b->ret == -EACCES)
        binds.perf_submit(args, b, sizeof(*b));
    calls.delete(&id);
    return 0;
}
