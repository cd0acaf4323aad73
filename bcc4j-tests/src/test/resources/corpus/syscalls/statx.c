// Files asked for by statx(2) and newfstatat(2) that are not there, by their last error.
#include <uapi/linux/stat.h>
#include <linux/errno.h>

#define PATH_SIZE 96
struct asked { const char *path; };
struct missing { int ret; char path[PATH_SIZE]; };
BPF_HASH(asked, u64, struct asked);
BPF_HASH(missing, struct missing, u64, 2048);

TRACEPOINT_PROBE(syscalls, sys_enter_statx) {
    u64 id = bpf_get_current_pid_tgid();
    if (!(args->mask & STATX_SIZE))
        return 0;
    struct asked a = { args->filename };
    asked.update(&id, &a);
    return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_statx) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked *a = asked.lookup(&id);
    if (!a)
        return 0;
    if (args->ret == -ENOENT || args->ret == -ENOTDIR) {
        struct missing m = {};
        m.ret = args->ret;
        bpf_probe_read_user_str(&m.path, sizeof(m.path), a->path);
        missing.increment(m);
    }
    asked.delete(&id);
    return 0;
}
