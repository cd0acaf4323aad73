#include "bench.h"

static int table;

static void open_task(void) {
    table = bpf_table_fd(compile("hash"), "t");
    fill(table);
}

static void round_task(void) {
    uint64_t key, value, total = 0, before = cpu();
    for (uint64_t i = 0; i < size; i++) {
        key = i * 2654435761ull % size;
        if (bpf_lookup_elem(table, &key, &value) != 0) fail("lookup");
        total += value;
    }
    measured("lookup", cpu() - before);
    before = cpu();
    for (uint64_t i = 0; i < size; i++) {
        key = i * 2654435761ull % size;
        value = 3 * key;
        if (bpf_update_elem(table, &key, &value, 0) != 0) fail("update");
    }
    measured("update", cpu() - before);
    saw("sum", total);
}
