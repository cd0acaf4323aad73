// Free blocks given back and discarded, from ext4's tracepoints; a module on many kernels.
#include <linux/kdev_t.h>

struct device { u32 major, minor; };
BPF_HASH(discarded, struct device);

#ifdef CONFIG_EXT4_FS
TRACEPOINT_PROBE(ext4, ext4_discard_blocks) {
    struct device d = { MAJOR(args->dev), MINOR(args->dev) };
    u64 zero = 0, *sum = discarded.lookup_or_try_init(&d, &zero);
    if (sum)
        *sum += args->count;
    return 0;
}
#endif
