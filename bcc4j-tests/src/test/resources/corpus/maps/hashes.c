// Every form of BPF_HASH and its methods.
#include <linux/errno.h>

BPF_HASH(plain);
BPF_HASH(by_u32, u32);
BPF_HASH(to_u32, u64, u32);
BPF_HASH(small, u8, u16, 16);
BPF_PERCPU_HASH(percpu, u32, u64);
BPF_TABLE("lru_hash", u32, u64, lru, 100);
BPF_TABLE("lru_percpu_hash", u32, u64, lru_percpu, 100);
BPF_F_TABLE("hash", u32, u64, unallocated, 1000, BPF_F_NO_PREALLOC);

TRACEPOINT_PROBE(syscalls, sys_enter_getpid) {
    u64 id = bpf_get_current_pid_tgid(), one = 1;
    u32 pid = id >> 32, cpu = bpf_get_smp_processor_id();
    u8 digit = pid % 10;
    u16 low = pid;
    plain.increment(id);
    by_u32.atomic_increment(pid, 2);
    to_u32.update(&id, &pid);
    if (small.insert(&digit, &low) == -EEXIST)
        small.delete(&digit);
    u64 *v = percpu.lookup_or_try_init(&pid, &one);
    if (v)
        *v += 1;
    lru.update(&pid, &id);
    lru_percpu.update(&cpu, &one);
    unallocated.lookup_or_try_init(&pid, &one);
    return 0;
}
