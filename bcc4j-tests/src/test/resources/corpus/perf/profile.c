// Samples of stacks at a fixed rate, idle processors left out.
// types: sample=perf_event
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

struct where { u32 pid; u64 kernel_ip; int user_stack, kernel_stack; char name[TASK_COMM_LEN]; };
BPF_HASH(samples, struct where);
BPF_STACK_TRACE(stacks, 16384);

int sample(struct bpf_perf_event_data *ctx) {
    u32 id = bpf_get_current_pid_tgid() >> 32;
    if (id == 0)
        return 0;
    struct where w = {};
    w.pid = id;
    bpf_get_current_comm(&w.name, sizeof(w.name));
    w.user_stack = stacks.get_stackid(&ctx->regs, BPF_F_USER_STACK);
    w.kernel_stack = stacks.get_stackid(&ctx->regs, 0);
    if (w.kernel_stack >= 0) {
        u64 ip = PT_REGS_IP(&ctx->regs);
        if (ip > 0xffffffff80000000ULL)
            w.kernel_ip = ip;
    }
    samples.increment(w);
    return 0;
}
