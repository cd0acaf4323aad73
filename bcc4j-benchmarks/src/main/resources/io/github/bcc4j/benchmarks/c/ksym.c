#include "bench.h"
#include <bcc/bcc_syms.h>

static void *cache;
static uint64_t *addresses;
static size_t count;

/* The functions of the kernel proper, as /proc/kallsyms lists them. */
static void read_addresses(void) {
    FILE *f = fopen("/proc/kallsyms", "r");
    if (!f) fail("kallsyms");
    addresses = calloc(1 << 20, 8);
    char line[1024], type;
    for (uint64_t address; fgets(line, sizeof line, f);)
        if (sscanf(line, "%lx %c", &address, &type) == 2 && (type == 't' || type == 'T') && !strchr(line, '['))
            addresses[count++] = address;
    fclose(f);
    count--; /* the last one marks the end of the kernel */
}

static void open_task(void) {
    read_addresses();
    cache = bcc_symcache_new(-1, NULL);
}

static void round_task(void) {
    struct bcc_symbol symbol;
    uint64_t total = 0, before = cpu();
    for (uint64_t i = 0; i < size; i++) {
        if (bcc_symcache_resolve_no_demangle(cache, addresses[i * 2654435761ull % count] + 1, &symbol) != 0) fail("resolve");
        total += symbol.offset;
    }
    measured("lookup", cpu() - before);
    saw("offsets", total);
}
