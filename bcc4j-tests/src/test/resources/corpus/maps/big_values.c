// Large values in a per-CPU array instead of on the stack, copied to a hash.
#include <linux/sched.h>
#include <uapi/linux/limits.h>

struct big { u32 pid; u32 length; char path[NAME_MAX + 1]; char again[NAME_MAX + 1]; u8 tail[256]; };
BPF_PERCPU_ARRAY(heap, struct big, 1);
BPF_HASH(copies, u32, struct big, 128);

TRACEPOINT_PROBE(syscalls, sys_enter_chdir) {
    int zero = 0;
    struct big *b = heap.lookup(&zero);
    if (!b)
        return 0;
    b->pid = bpf_get_current_pid_tgid() >> 32;
    int n = bpf_probe_read_user_str(b->path, sizeof(b->path), args->filename);
    b->length = n > 0 ? n - 1 : 0;
    bpf_probe_read_kernel_str(b->again, sizeof(b->again), b->path);
    copies.update(&b->pid, b);
    return 0;
}
