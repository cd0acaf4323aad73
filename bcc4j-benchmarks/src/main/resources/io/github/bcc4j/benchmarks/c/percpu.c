#include "bench.h"

static int table, cpus;
static uint64_t *keys, *values;

static int possible_cpus(void) {
    int first = 0, last = 0;
    FILE *f = fopen("/sys/devices/system/cpu/possible", "r");
    if (!f) fail("possible CPUs");
    if (fscanf(f, "%d-%d", &first, &last) < 1) fail("possible CPUs");
    fclose(f);
    return last + 1;
}

static void open_task(void) {
    table = bpf_table_fd(compile("percpu"), "t");
    cpus = possible_cpus();
    keys = calloc(size, 8);
    values = calloc(size, 8ul * cpus);
    for (uint64_t i = 0; i < size; i++) {
        for (int c = 0; c < cpus; c++) values[c] = i + c;
        if (bpf_update_elem(table, &i, values, 0) != 0) fail("update");
    }
}

static void round_task(void) {
    uint64_t total = 0, before = cpu();
    uint32_t n = lookup_all(table, keys, values);
    for (uint32_t i = 0; i < n; i++) total += keys[i];
    for (uint64_t i = 0; i < (uint64_t)n * cpus; i++) total += values[i];
    measured("cpu", cpu() - before);
    saw("n", n);
    saw("sum", total);
}
