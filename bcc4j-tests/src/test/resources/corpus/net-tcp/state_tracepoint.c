// TCP state changes by sock:inet_sock_set_state.
#include <net/tcp_states.h>
#include <net/sock.h>
#include <uapi/linux/in.h>

struct change { u32 pid; int from, to; u16 sport, dport, family; u8 saddr[16], daddr[16]; };
BPF_PERF_OUTPUT(changes);

TRACEPOINT_PROBE(sock, inet_sock_set_state) {
    if (args->protocol != IPPROTO_TCP)
        return 0;
    struct change c = {};
    c.pid = bpf_get_current_pid_tgid() >> 32;
    c.from = args->oldstate;
    c.to = args->newstate;
    c.sport = args->sport;
    c.dport = args->dport;
    c.family = args->family;
    if (c.family == AF_INET6) {
        __builtin_memcpy(&c.saddr, args->saddr_v6, sizeof(c.saddr));
        __builtin_memcpy(&c.daddr, args->daddr_v6, sizeof(c.daddr));
    } else {
        __builtin_memcpy(&c.saddr, args->saddr, sizeof(args->saddr));
        __builtin_memcpy(&c.daddr, args->daddr, sizeof(args->daddr));
    }
    changes.perf_submit(args, &c, sizeof(c));
    return 0;
}
