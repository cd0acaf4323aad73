// Walks structs of the traced program: a list in user memory, with explicit reads.
// types: walk=kprobe
#include <uapi/linux/ptrace.h>

struct node { struct node *next; int value; };
struct sum { u32 pid; int nodes, total; };
BPF_PERF_OUTPUT(sums);

int walk(struct pt_regs *ctx) {
    struct node *at = (struct node *)PT_REGS_PARM1(ctx);
    struct sum s = { .pid = bpf_get_current_pid_tgid() >> 32 };
#pragma unroll
    for (int i = 0; i < 16; i++) {
        struct node n = {};
        if (!at || bpf_probe_read_user(&n, sizeof(n), at))
            break;
        s.nodes++;
        s.total += n.value;
        at = n.next;
    }
    sums.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
