#include "bench.h"

static void open_task(void) {}

static void round_task(void) {
    uint64_t before = wall();
    void *module = compile("again");
    measured("wall", wall() - before);
    bpf_module_destroy(module);
}
