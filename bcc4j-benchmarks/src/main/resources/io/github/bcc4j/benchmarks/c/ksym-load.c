#include "bench.h"
#include <bcc/bcc_syms.h>

static void open_task(void) {}

static void round_task(void) {
    struct bcc_symbol symbol;
    uint64_t before = cpu();
    void *cache = bcc_symcache_new(-1, NULL);
    bcc_symcache_resolve_no_demangle(cache, ~0ull, &symbol);
    measured("cpu", cpu() - before);
    bcc_free_symcache(cache, -1);
}
