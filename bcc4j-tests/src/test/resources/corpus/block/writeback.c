// Who starts writeback, and why: tracepoint with an enum and a dynamic name.
#include <linux/backing-dev-defs.h>
#include <linux/writeback.h>

struct why { u32 reason; char bdi[32]; };
BPF_HASH(started, struct why);
BPF_ARRAY(background, u64, 1);

TRACEPOINT_PROBE(writeback, writeback_start) {
    struct why w = {};
    w.reason = args->reason;
    bpf_probe_read_kernel_str(&w.bdi, sizeof(w.bdi), args->name);
    if (w.reason == WB_REASON_BACKGROUND)
        background.increment(0);
    started.increment(w);
    return 0;
}
