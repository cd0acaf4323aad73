// System calls by number and process.
#include <uapi/linux/ptrace.h>

struct call { u32 pid; u32 number; };
BPF_HASH(calls, struct call);
BPF_HASH(errors, struct call);

TRACEPOINT_PROBE(raw_syscalls, sys_enter) {
    struct call c = { bpf_get_current_pid_tgid() >> 32, args->id };
    calls.increment(c);
    return 0;
}

TRACEPOINT_PROBE(raw_syscalls, sys_exit) {
    if (args->ret >= 0)
        return 0;
    struct call c = { bpf_get_current_pid_tgid() >> 32, args->id };
    errors.increment(c);
    return 0;
}
