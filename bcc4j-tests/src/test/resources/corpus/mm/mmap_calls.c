// Anonymous memory that is mapped, by process, from the arguments of mmap(2).
#include <uapi/asm-generic/mman.h>
#include <linux/mm.h>

BPF_HASH(anonymous, u32);
BPF_HISTOGRAM(sizes);

TRACEPOINT_PROBE(syscalls, sys_enter_mmap) {
    if (!(args->flags & MAP_ANONYMOUS) || args->prot == PROT_NONE)
        return 0;
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    u64 length = round_up(args->len, PAGE_SIZE), zero = 0;
    u64 *sum = anonymous.lookup_or_try_init(&pid, &zero);
    if (sum)
        __sync_fetch_and_add(sum, length);
    sizes.increment(bpf_log2l(length >> PAGE_SHIFT));
    return 0;
}
