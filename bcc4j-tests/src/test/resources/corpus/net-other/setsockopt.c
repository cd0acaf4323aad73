// Sockets whose options are set: level, option, the value if it is a number.
#include <linux/net.h>
#include <net/sock.h>

struct option { u32 pid; int fd, level, name, value; u32 length; };
BPF_PERF_OUTPUT(options);

TRACEPOINT_PROBE(syscalls, sys_enter_setsockopt) {
    struct option o = {};
    o.pid = bpf_get_current_pid_tgid() >> 32;
    o.fd = args->fd;
    o.level = args->level;
    o.name = args->optname;
    o.length = args->optlen;
    if (o.length == sizeof(int))
        bpf_probe_read_user(&o.value, sizeof(o.value), args->optval);
    if (o.level == SOL_SOCKET && o.name == SO_REUSEADDR)
        return 0;
    options.perf_submit(args, &o, sizeof(o));
    return 0;
}
