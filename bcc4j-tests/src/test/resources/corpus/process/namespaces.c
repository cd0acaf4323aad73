// The namespaces of a process that makes new ones.
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/utsname.h>
#include <linux/ipc_namespace.h>
#include <linux/pid_namespace.h>
#include <linux/time_namespace.h>
#include <net/net_namespace.h>

struct spaces {
    unsigned int uts, ipc, pid, net, time;
    char nodename[__NEW_UTS_LEN + 1];
};
BPF_HASH(spaces_of, u32, struct spaces);
BPF_PERCPU_ARRAY(room, struct spaces, 1);

int kretprobe__create_new_namespaces(struct pt_regs *ctx) {
    struct nsproxy *ns = (struct nsproxy *)PT_REGS_RC(ctx);
    if (IS_ERR(ns))
        return 0;
    int zero = 0;
    struct spaces *s = room.lookup(&zero);
    if (!s)
        return 0;
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    s->uts = ns->uts_ns->ns.inum;
    s->ipc = ns->ipc_ns->ns.inum;
    s->pid = ns->pid_ns_for_children->ns.inum;
    s->net = ns->net_ns->ns.inum;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 6, 0)
    s->time = ns->time_ns->ns.inum;
#endif
    bpf_probe_read_kernel_str(s->nodename, sizeof(s->nodename), ns->uts_ns->name.nodename);
    spaces_of.update(&pid, s);
    return 0;
}
