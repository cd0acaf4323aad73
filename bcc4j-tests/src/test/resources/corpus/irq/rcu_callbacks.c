// RCU callbacks by function, with the address of call_rcu()'s caller.
#include <linux/types.h>
#include <linux/rcupdate.h>

struct callback { u64 function, caller; };
BPF_HASH(callbacks, struct callback);

int kprobe__call_rcu(struct pt_regs *ctx, struct rcu_head *head, rcu_callback_t func) {
    struct callback c = {};
    c.function = (u64)func;
    bpf_probe_read_kernel(&c.caller, sizeof(c.caller), (void *)PT_REGS_SP(ctx));
    callbacks.increment(c);
    return 0;
}
