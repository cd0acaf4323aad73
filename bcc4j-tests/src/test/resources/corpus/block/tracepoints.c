// Requests by process through tracepoints alone: the rwbs letters and the device number.
#include <uapi/linux/ptrace.h>
#include <linux/kdev_t.h>
#include <linux/blktrace_api.h>

struct which { u32 pid, major, minor; char rwbs[16]; };
BPF_HASH(sectors, struct which);

TRACEPOINT_PROBE(block, block_rq_issue) {
    struct which k = {};
    k.pid = bpf_get_current_pid_tgid() >> 32;
    k.major = MAJOR(args->dev);
    k.minor = MINOR(args->dev);
    bpf_probe_read_kernel(&k.rwbs, sizeof(args->rwbs), args->rwbs);
    u64 zero = 0, *n = sectors.lookup_or_try_init(&k, &zero);
    if (n)
        *n += args->nr_sector;
    return 0;
}
