#include "bench.h"

static int table;
static uint64_t *keys, *values;

static void open_task(void) {
    table = bpf_table_fd(compile("hash"), "t");
    keys = calloc(size, 8);
    values = calloc(size, 8);
    fill(table);
}

static void round_task(void) {
    uint64_t total = 0;
    uint64_t before = cpu();
    uint32_t n = lookup_all(table, keys, values);
    for (uint32_t i = 0; i < n; i++) total += keys[i] + values[i];
    measured("cpu", cpu() - before);
    saw("n", n);
    saw("sum", total);
}
