// What is mounted where: source, type and flags of mount(2).
#include <linux/fs.h>
#include <linux/mount.h>
#include <uapi/linux/mount.h>

struct mounted { u64 flags; u32 pid; int ret; char source[64], target[64], type[16]; };
BPF_HASH(calls, u64, struct mounted);
BPF_PERCPU_ARRAY(blank, struct mounted, 1);
BPF_PERF_OUTPUT(mounts);

TRACEPOINT_PROBE(syscalls, sys_enter_mount) {
    int zero = 0;
    struct mounted *m = blank.lookup(&zero);
    if (!m)
        return 0;
    u64 id = bpf_get_current_pid_tgid();
    m->pid = id >> 32;
    m->flags = args->flags & ~MS_MGC_MSK;
    bpf_probe_read_user_str(m->source, sizeof(m->source), args->dev_name);
    bpf_probe_read_user_str(m->target, sizeof(m->target), args->dir_name);
    bpf_probe_read_user_str(m->type, sizeof(m->type), args->type);
    calls.update(&id, m);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_mount) {
    u64 id = bpf_get_current_pid_tgid();
    struct mounted *m = calls.lookup(&id);
    if (!m)
        return 0;
    m->ret = args->ret;
    mounts.perf_submit(args, m, sizeof(*m));
    calls.delete(&id);
    return 0;
}
