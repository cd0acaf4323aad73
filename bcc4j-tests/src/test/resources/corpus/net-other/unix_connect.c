// Paths of unix sockets that processes connect to: sockaddr_un in user memory.
#include <linux/un.h>
#include <linux/socket.h>

struct connection { u32 pid; char comm[16]; char path[UNIX_PATH_MAX]; };
BPF_PERF_OUTPUT(connections);

TRACEPOINT_PROBE(syscalls, sys_enter_connect) {
    struct sockaddr_un address = {};
    bpf_probe_read_user(&address, sizeof(address.sun_family), args->uservaddr);
    if (address.sun_family != AF_UNIX)
        return 0;
    struct connection c = {};
    c.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_get_current_comm(&c.comm, sizeof(c.comm));
    bpf_probe_read_user_str(&c.path, sizeof(c.path), (char *)args->uservaddr + offsetof(struct sockaddr_un, sun_path));
    connections.perf_submit(args, &c, sizeof(c));
    return 0;
}
