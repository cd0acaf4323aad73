// Enumerators and macros of the text's own with names that kernels use.
#include <linux/sched.h>
#include <uapi/linux/ptrace.h>

enum event_type { EVENT_START, EVENT_ARG, EVENT_RET, EVENT_MAX };
enum state { RUNNING, SLEEPING, DEAD };
#define MAX_ARGS 4
#define ARG_LEN 32
#define PATH_SIZE 64
#define U 1

struct event { enum event_type type; enum state state; u32 pid; char arg[ARG_LEN]; };
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(syscalls, sys_enter_execveat) {
    struct event e = { .type = EVENT_START, .state = RUNNING };
    e.pid = bpf_get_current_pid_tgid() >> 32;
    events.perf_submit(args, &e, sizeof(e));
    e.type = EVENT_ARG;
#pragma unroll
    for (int i = 0; i < MAX_ARGS; i++) {
        const char *p = NULL;
        bpf_probe_read_user(&p, sizeof(p), (void *)(args->argv + i));
        if (!p)
            return 0;
        bpf_probe_read_user_str(e.arg, ARG_LEN, p);
        events.perf_submit(args, &e, sizeof(e));
    }
    return U - 1;
}
