// Who traces whom with ptrace(2), by request.
#include <uapi/linux/ptrace.h>

struct traced { u32 tracer, tracee; u64 request; };
BPF_HASH(traced, struct traced);

TRACEPOINT_PROBE(syscalls, sys_enter_ptrace) {
    struct traced t = {};
    t.tracer = bpf_get_current_pid_tgid() >> 32;
    t.tracee = args->pid;
    t.request = args->request;
    if (t.request == PTRACE_PEEKUSR || t.request == PTRACE_GETREGSET)
        return 0;
    traced.increment(t);
    return 0;
}
