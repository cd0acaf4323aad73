#include "bench.h"

static int table;
static uint64_t *keys, *values;

static void open_task(void) {
    table = bpf_table_fd(compile("hash"), "t");
    keys = calloc(size, 8);
    values = calloc(size, 8);
}

static void number_keys(void) {
    for (uint32_t i = 0; i < size; i++) {
        keys[i] = i;
        values[i] = 3ull * i;
    }
}

static void round_task(void) {
    uint64_t before = cpu(), total = 0;
    number_keys();
    uint32_t count = size;
    if (bpf_update_batch(table, keys, values, &count) != 0) fail("update batch");
    measured("update", cpu() - before);
    before = cpu();
    number_keys();
    count = size;
    if (bpf_delete_batch(table, keys, &count) != 0) fail("delete batch");
    measured("delete", cpu() - before);
    saw("deleted", count);
    fill(table);
    before = cpu();
    uint64_t cursor = 0;
    count = size;
    int result = bpf_lookup_and_delete_batch(table, NULL, (void *)&cursor, keys, values, &count);
    if (result != 0 && errno != ENOENT) fail("drain");
    for (uint32_t i = 0; i < count; i++) total += keys[i] + values[i];
    measured("drain", cpu() - before);
    saw("drained", count);
    saw("sum", total);
}
