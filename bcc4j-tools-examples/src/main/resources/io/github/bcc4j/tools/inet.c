// States of TCP connections, as the kernel tells each change of one.

#define ESTABLISHED 1
#define SYN_SENT 2
#define SYN_RECV 3
#define FIN_WAIT1 4
#define CLOSE 7
#define LAST_ACK 9

struct owner {
    u64 ns;
    u32 pid;
    u32 uid;
    char comm[16];
};

struct inet_event {
    u64 ns;
    u64 lasted;
    u64 sk;
    u64 sent;
    u64 received;
    u32 pid;
    u32 uid;
    u16 lport;
    u16 rport;
    u16 oldstate;
    u16 newstate;
    u8 laddr[16];       // IPv4 as ::ffff:a.b.c.d
    u8 raddr[16];
    char comm[16];
};

BPF_PERF_OUTPUT(events);
BPF_TABLE("lru_hash", u64, struct owner, owners, 65536);    // of sockets

static void remember(u64 sk, u64 now) {
    struct owner o = {.ns = now};
    o.pid = bpf_get_current_pid_tgid() >> 32;
    o.uid = bpf_get_current_uid_gid();
    bpf_get_current_comm(&o.comm, sizeof(o.comm));
    owners.update(&sk, &o);
}

static void owned_by(struct inet_event *e, struct owner *o) {
    e->pid = o->pid;
    e->uid = o->uid;
    __builtin_memcpy(&e->comm, o->comm, sizeof(e->comm));
}

static void changed(void *ctx, struct inet_event *e);

TRACEPOINT_PROBE(sock, inet_sock_set_state) {
    if (args->protocol != 6)
        return 0;
    struct inet_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.sk = (u64)args->skaddr;
    e.lport = args->sport;
    e.rport = args->dport;
    e.oldstate = args->oldstate;
    e.newstate = args->newstate;
    __builtin_memcpy(&e.laddr, args->saddr_v6, sizeof(e.laddr));
    __builtin_memcpy(&e.raddr, args->daddr_v6, sizeof(e.raddr));
    if (!other_family(e.raddr))
        changed(args, &e);
    return 0;
}
