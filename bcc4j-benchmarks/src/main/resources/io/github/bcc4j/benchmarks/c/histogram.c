#include "bench.h"

static int table;

static void open_task(void) {
    table = bpf_table_fd(compile("histogram"), "h");
    for (uint32_t slot = 0; slot < 64; slot++) {
        uint64_t count = slot + 1;
        if (bpf_update_elem(table, &slot, &count, 0) != 0) fail("update");
    }
}

static void round_task(void) {
    uint32_t slots[64];
    uint64_t counts[64], total = 0, before = cpu();
    for (uint32_t i = 0; i < size; i++) {
        uint32_t cursor, n = 64;
        if (bpf_lookup_batch(table, NULL, &cursor, slots, counts, &n) != 0 && errno != ENOENT) fail("lookup batch");
        for (uint32_t slot = 0; slot < n; slot++) total += counts[slot];
    }
    measured("cpu", cpu() - before);
    saw("sum", total);
}
