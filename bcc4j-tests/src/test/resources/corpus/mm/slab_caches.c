// Allocations by slab cache: struct kmem_cache, wherever it is defined.
#include <linux/mm.h>
#include <linux/slab.h>
#ifdef CONFIG_SLUB
#include <linux/slub_def.h>
#else
#include <linux/slab_def.h>
#endif

struct cache { char name[32]; u32 size; };
BPF_HASH(allocated, struct cache);

int kprobe__kmem_cache_alloc(struct pt_regs *ctx, struct kmem_cache *cachep) {
    struct cache c = {};
    c.size = cachep->size;
    bpf_probe_read_kernel_str(&c.name, sizeof(c.name), cachep->name);
    allocated.increment(c);
    return 0;
}
