// Round-trip times of a cgroup's connections as the socket operations tell them.
// types: on_sock=cgroup_sock_ops
#include <uapi/linux/bpf.h>
#include <linux/socket.h>

BPF_HISTOGRAM(srtt);
BPF_ARRAY(states, u64, 16);

int on_sock(struct bpf_sock_ops *skops) {
    u32 op = skops->op;
    if (op == BPF_SOCK_OPS_TCP_CONNECT_CB || op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
        bpf_sock_ops_cb_flags_set(skops, BPF_SOCK_OPS_STATE_CB_FLAG);
        srtt.increment(bpf_log2l(skops->srtt_us >> 3));
    } else if (op == BPF_SOCK_OPS_STATE_CB) {
        u32 state = skops->args[1] & 15;
        states.increment(state);
    }
    return 1;
}
