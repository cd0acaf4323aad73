// Bytes that leave a cgroup, in storage of its own.
// types: count=cgroup_egress
#include <uapi/linux/bpf.h>

struct traffic { u64 packets, bytes; };
BPF_CGROUP_STORAGE(traffic, struct traffic);

int count(struct __sk_buff *skb) {
    struct traffic *t = traffic.get_local_storage(0);
    __sync_fetch_and_add(&t->packets, 1);
    __sync_fetch_and_add(&t->bytes, skb->len);
    return 1;
}
