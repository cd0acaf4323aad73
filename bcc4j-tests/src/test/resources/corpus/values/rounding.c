// Macros of linux/kernel.h and its relatives: rounding, minima, bits, sizes of arrays.
#include <linux/kernel.h>
#include <linux/bits.h>
#include <linux/log2.h>
#include <asm/page.h>

static const u32 limits[] = { 4096, 65536, 1048576 };
BPF_HISTOGRAM(pages);
BPF_ARRAY(stats, u64, 8);

TRACEPOINT_PROBE(syscalls, sys_enter_munmap) {
    u64 length = args->len, start = args->addr;
    u64 whole = roundup(length, 4096), up = DIV_ROUND_UP(length, PAGE_SIZE);
    u64 aligned = ALIGN(start, 0x200000UL);
    u32 most = min_t(u32, up, 1023), least = max_t(u64, up, 1);
    pages.increment(bpf_log2l(whole >> PAGE_SHIFT));
    int i = 0;
    if (length & GENMASK(11, 0))
        stats.increment(i);
    i = 1;
    if (aligned == start && IS_ALIGNED(length, 0x200000UL))
        stats.increment(i);
    i = 2;
    if (start & BIT_ULL(46))
        stats.increment(i);
    i = 3 + (most > least) + ARRAY_SIZE(limits) - 3;
    stats.increment(i);
    return 0;
}
