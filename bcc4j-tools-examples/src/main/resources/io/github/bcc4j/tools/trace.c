// What all probes of trace have in common; the probes themselves are made for what the user wants to see.
#include <linux/sched.h>

struct head {
    u64 ns;
    u32 probe;
    u32 cpu;
    u32 pid;
    u32 tid;
    u32 uid;
    u32 none;
    s64 kernel;
    s64 user;
    char comm[16];
};

BPF_PERF_OUTPUT(events);
BPF_STACK_TRACE(stacks, 16384);

static int not_traced(void) {
#ifdef SELF
    if (bpf_get_current_pid_tgid() >> 32 == SELF)
        return 1;
#endif
#ifdef NAMED
    char comm[16] = {};
    bpf_get_current_comm(&comm, sizeof(comm));
    if (!NAMED(comm))
        return 1;
#endif
    return unwanted();
}

static void begin(struct head *head, u32 probe) {
    u64 id = bpf_get_current_pid_tgid();
    head->ns = bpf_ktime_get_ns();
    head->probe = probe;
    head->cpu = bpf_get_smp_processor_id();
    head->pid = id >> 32;
    head->tid = id;
    head->uid = bpf_get_current_uid_gid();
    head->kernel = head->user = -14;
    bpf_get_current_comm(&head->comm, sizeof(head->comm));
}
