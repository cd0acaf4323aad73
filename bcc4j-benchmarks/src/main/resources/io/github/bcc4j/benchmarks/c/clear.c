#include "bench.h"

static int table;

static void open_task(void) { table = bpf_table_fd(compile("hash"), "t"); }

/* The successor is asked for before its predecessor is deleted: linear, unlike the other order. */
static void clear_by_key(void) {
    uint64_t key, next;
    int more = bpf_get_first_key(table, &key, sizeof key) == 0;
    while (more) {
        more = bpf_get_next_key(table, &key, &next) == 0;
        bpf_delete_elem(table, &key);
        key = next;
    }
}

static void round_task(void) {
    fill(table);
    uint64_t before = cpu();
    clear_by_key();
    measured("cpu", cpu() - before);
    uint64_t key, left = 0;
    for (int more = bpf_get_first_key(table, &key, sizeof key) == 0; more; left++)
        more = bpf_get_next_key(table, &key, &key) == 0;
    saw("left", left);
}
