// Connections as accept(2) and accept4(2) return them: the process and its descriptor are known then, and what is behind it is its socket.
#include <linux/sched.h>
#include <linux/fdtable.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <net/sock.h>

struct inet_event {
    u64 ns;
    u32 pid;
    u16 lport;
    u16 rport;
    u8 laddr[16];       // IPv4 as ::ffff:a.b.c.d
    u8 raddr[16];
    char comm[16];
};

BPF_PERF_OUTPUT(events);

#define READ(to, from) bpf_probe_read_kernel(&(to), sizeof(to), from)

static int accepted(void *ctx, long fd) {
    if (fd < 0 || unwanted())
        return 0;
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct files_struct *files = 0;
    struct fdtable *table = 0;
    struct file **all = 0, *file = 0;
    struct socket *socket = 0;
    struct sock *sk = 0;
    READ(files, &task->files);
    READ(table, &files->fdt);
    READ(all, &table->fd);
    READ(file, all + fd);
    READ(socket, &file->private_data);
    READ(sk, &socket->sk);
    u16 family = 0, protocol = 0, rport = 0;
    READ(family, &sk->__sk_common.skc_family);
    struct inet_event e = {};
    e.ns = bpf_ktime_get_ns();
    e.pid = bpf_get_current_pid_tgid() >> 32;
    if (family == 2) {
        e.laddr[10] = e.laddr[11] = e.raddr[10] = e.raddr[11] = 0xff;
        bpf_probe_read_kernel(&e.laddr[12], 4, &sk->__sk_common.skc_rcv_saddr);
        bpf_probe_read_kernel(&e.raddr[12], 4, &sk->__sk_common.skc_daddr);
    } else if (family == 10) {
        READ(e.laddr, &sk->__sk_common.skc_v6_rcv_saddr);
        READ(e.raddr, &sk->__sk_common.skc_v6_daddr);
    } else {
        return 0;
    }
    READ(protocol, &sk->sk_protocol);
    if (protocol != 6 || other_family(e.raddr))
        return 0;
    READ(e.lport, &sk->__sk_common.skc_num);
    READ(rport, &sk->__sk_common.skc_dport);
    e.rport = rport >> 8 | rport << 8;          // in the network's order
    bpf_get_current_comm(&e.comm, sizeof(e.comm));
    events.perf_submit(ctx, &e, sizeof(e));
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_accept) {
    return accepted(args, args->ret);
}

TRACEPOINT_PROBE(syscalls, sys_exit_accept4) {
    return accepted(args, args->ret);
}
