// Arrays and hashes whose values are maps.
#include <uapi/linux/ptrace.h>

BPF_ARRAY(inner_a, u64, 8);
BPF_ARRAY(inner_b, u64, 8);
BPF_HASH(inner_hash, u32, u64, 1024);
BPF_ARRAY_OF_MAPS(outer, "inner_a", 4);
BPF_HASH_OF_MAPS(outer_hash, u32, "inner_hash", 64);

TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
    int which = bpf_get_smp_processor_id() & 3, slot = 1;
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    void *map = outer.lookup(&which);
    if (map) {
        u64 *v = bpf_map_lookup_elem(map, &slot);
        if (v)
            lock_xadd(v, 1);
    }
    map = outer_hash.lookup(&pid);
    if (map) {
        u64 one = 1;
        bpf_map_update_elem(map, &pid, &one, BPF_ANY);
    }
    return 0;
}
