// Kernel memory by call site: kmalloc and kfree tracepoints, sizes asked and given.
#include <linux/mm.h>
#include <linux/gfp.h>

struct held { u64 site, bytes; };
struct waste { u64 asked, given, calls; };
BPF_TABLE("lru_hash", u64, struct held, live, 65536);
BPF_HASH(waste_at, u64, struct waste);

TRACEPOINT_PROBE(kmem, kmalloc) {
    u64 site = (u64)args->call_site, address = (u64)args->ptr;
    struct waste zero = {}, *w = waste_at.lookup_or_try_init(&site, &zero);
    if (w) {
        w->asked += args->bytes_req;
        w->given += args->bytes_alloc;
        w->calls++;
    }
    struct held h = { site, args->bytes_alloc };
    live.update(&address, &h);
    return 0;
}

TRACEPOINT_PROBE(kmem, kfree) {
    u64 address = (u64)args->ptr;
    live.delete(&address);
    return 0;
}
