// No include at all: what bcc's dialect gives by itself.
struct event { u64 ns; u32 cpu; s32 ret; u8 flag; __u16 half; size_t size; bool yes; uint64_t wide; };
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(syscalls, sys_exit_write) {
    struct event e = { bpf_ktime_get_ns(), bpf_get_smp_processor_id(), args->ret, 1, 2, sizeof(e), true, ~0ULL };
    if (e.ret < 0)
        events.perf_submit(args, &e, sizeof(e));
    return 0;
}
