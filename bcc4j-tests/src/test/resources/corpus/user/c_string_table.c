// Counts calls by a string argument, compared with a constant by hand.
// types: query=kprobe
#include <uapi/linux/ptrace.h>

struct text { char s[64]; };
BPF_HASH(queries, struct text);
BPF_ARRAY(selects, u64, 1);

int query(struct pt_regs *ctx, void *session, const char *sql) {
    struct text t = {};
    if (bpf_probe_read_user_str(&t.s, sizeof(t.s), sql) <= 0)
        return 0;
    if ((t.s[0] | 0x20) == 's' && (t.s[1] | 0x20) == 'e' && (t.s[2] | 0x20) == 'l')
        selects.increment(0);
    queries.increment(t);
    return 0;
}
