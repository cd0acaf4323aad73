#define OWN_MAIN
#include "bench.h"
#include <bcc/bcc_syms.h>

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    uint64_t address = strtoull(argv[1], NULL, 16);
    uint64_t before = wall();
    struct bcc_symbol symbol;
    void *cache = bcc_symcache_new(-1, NULL);
    if (bcc_symcache_resolve_no_demangle(cache, address + 1, &symbol) != 0) fail("resolve");
    measured("first", wall() - before);
    saw("offset", symbol.offset);
    putchar('\n');
    fflush(stdout);
    getchar();
    return 0;
}
