// Netlink requests of processes: message type and flags from the header in user memory's copy.
#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <uapi/linux/rtnetlink.h>

struct request_seen { u32 pid; u16 type, flags; };
BPF_HASH(requests, struct request_seen);

int kprobe__rtnetlink_rcv_msg(struct pt_regs *ctx, struct sk_buff *skb, struct nlmsghdr *nlh) {
    struct request_seen r = {};
    r.pid = bpf_get_current_pid_tgid() >> 32;
    r.type = nlh->nlmsg_type;
    r.flags = nlh->nlmsg_flags;
    if (r.type == RTM_GETLINK && (r.flags & NLM_F_DUMP) == NLM_F_DUMP)
        return 0;
    requests.increment(r);
    return 0;
}
