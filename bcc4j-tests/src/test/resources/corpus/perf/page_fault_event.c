// Addresses of page faults by the software event that samples them.
// types: on_fault=perf_event
#include <uapi/linux/bpf_perf_event.h>
#include <uapi/linux/perf_event.h>

struct fault { u32 pid, tid; u64 address, ip; };
BPF_PERF_OUTPUT(faults);

int on_fault(struct bpf_perf_event_data *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    struct fault f = { .pid = id >> 32, .tid = id };
    f.address = ctx->addr;
    f.ip = PT_REGS_IP(&ctx->regs);
    faults.perf_submit(&ctx->regs, &f, sizeof(f));
    return 0;
}
