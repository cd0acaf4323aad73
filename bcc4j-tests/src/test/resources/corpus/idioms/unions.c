// Anonymous structs and unions of kernel types, reached by their members' names.
#include <linux/mm_types.h>
#include <linux/fs.h>
#include <linux/dcache.h>
#include <net/sock.h>

struct seen { u64 hash_and_len, pair, ports; };
BPF_HASH(seen, u64, struct seen);

int kprobe__tcp_sendmsg(struct pt_regs *ctx, struct sock *sk) {
    u64 key = (u64)sk;
    struct seen s = {};
    struct file *file = sk->sk_socket->file;
    s.pair = sk->__sk_common.skc_addrpair;
    s.ports = sk->__sk_common.skc_portpair;
    if (file) {
        struct dentry *dentry = file->f_path.dentry;
        s.hash_and_len = dentry->d_name.hash_len;
    }
    seen.update(&key, &s);
    return 0;
}
