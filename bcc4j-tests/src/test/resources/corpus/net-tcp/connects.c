// Active TCP connections, IPv4 and IPv6, with their result.
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <bcc/proto.h>

struct ipv4 { u64 ns; u32 pid, saddr, daddr; u16 dport, lport; char task[TASK_COMM_LEN]; };
struct ipv6 { u64 ns; u32 pid; unsigned __int128 saddr, daddr; u16 dport, lport; char task[TASK_COMM_LEN]; };
BPF_HASH(trying, u32, struct sock *);
BPF_PERF_OUTPUT(v4);
BPF_PERF_OUTPUT(v6);

// types: entered=kprobe, returned4=kprobe, returned6=kprobe
int entered(struct pt_regs *ctx, struct sock *sk) {
    u32 tid = bpf_get_current_pid_tgid();
    trying.update(&tid, &sk);
    return 0;
}

static int returned(struct pt_regs *ctx, short version) {
    u32 tid = bpf_get_current_pid_tgid();
    struct sock **skpp = trying.lookup(&tid);
    if (!skpp)
        return 0;
    struct sock *sk = *skpp;
    trying.delete(&tid);
    if (PT_REGS_RC(ctx) != 0)
        return 0;
    u16 dport = sk->__sk_common.skc_dport;
    if (version == 4) {
        struct ipv4 e = { .ns = bpf_ktime_get_ns(), .pid = bpf_get_current_pid_tgid() >> 32 };
        e.saddr = sk->__sk_common.skc_rcv_saddr;
        e.daddr = sk->__sk_common.skc_daddr;
        e.dport = ntohs(dport);
        e.lport = sk->__sk_common.skc_num;
        bpf_get_current_comm(&e.task, sizeof(e.task));
        v4.perf_submit(ctx, &e, sizeof(e));
    } else {
        struct ipv6 e = { .ns = bpf_ktime_get_ns(), .pid = bpf_get_current_pid_tgid() >> 32 };
        bpf_probe_read_kernel(&e.saddr, sizeof(e.saddr), sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
        bpf_probe_read_kernel(&e.daddr, sizeof(e.daddr), sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32);
        e.dport = ntohs(dport);
        e.lport = sk->__sk_common.skc_num;
        bpf_get_current_comm(&e.task, sizeof(e.task));
        v6.perf_submit(ctx, &e, sizeof(e));
    }
    return 0;
}

int returned4(struct pt_regs *ctx) { return returned(ctx, 4); }
int returned6(struct pt_regs *ctx) { return returned(ctx, 6); }
