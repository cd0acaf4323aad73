#include "bench.h"

static const char *CALLS[] = {"getppid", "getuid", "geteuid", "getgid", "getegid", "getpgid", "getsid", "getpriority", "sync", "umask"};
static int program, links[10];

static void open_task(void) { program = load(compile("detach"), "on_call", BPF_PROG_TYPE_TRACEPOINT); }

static void round_task(void) {
    char name[64];
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "sys_enter_%s", CALLS[i]);
        links[i] = bpf_attach_tracepoint(program, "syscalls", name);
        if (links[i] < 0) fail(name);
    }
    uint64_t before = wall();
    for (int i = 0; i < 10; i++)
        if (bpf_close_perf_event_fd(links[i]) != 0) fail("detach");
    measured("wall", wall() - before);
}
