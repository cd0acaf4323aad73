// Arguments of system calls by the raw tracepoint, picked by a number from the outside.
// flags: -DNUMBER=1
#include <uapi/linux/ptrace.h>
#include <asm/unistd.h>

struct write_args { u32 pid; int fd; u64 count; };
BPF_PERF_OUTPUT(writes);

RAW_TRACEPOINT_PROBE(sys_enter) {
    unsigned long id = ctx->args[1];
    if (id != NUMBER)
        return 0;
    struct pt_regs *regs = (struct pt_regs *)ctx->args[0];
    unsigned long fd = 0, count = 0;
    bpf_probe_read_kernel(&fd, sizeof(fd), &PT_REGS_PARM1(regs));
    bpf_probe_read_kernel(&count, sizeof(count), &PT_REGS_PARM3(regs));
    struct write_args w = { bpf_get_current_pid_tgid() >> 32, fd, count };
    writes.perf_submit(ctx, &w, sizeof(w));
    return 0;
}
