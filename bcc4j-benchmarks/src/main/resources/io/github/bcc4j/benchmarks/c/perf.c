#include "readers.h"

static int program, numbers;

static void open_task(void) {
    void *module = compile("perf");
    program = load(module, "produce", BPF_PROG_TYPE_SCHED_CLS);
    numbers = bpf_table_fd(module, "numbers");
    open_readers(bpf_table_fd(module, "events"), PAGES, 1 << 30);
}

static void round_task(void) {
    uint64_t spent = 0;
    seen = total = lost = 0;
    set_number(numbers, 0);
    for (uint32_t left = size, n; left; left -= n) {
        n = left < FULL ? left : FULL;
        produce(program, n);
        uint64_t before = cpu();
        perf_reader_consume(reader_count, readers);
        spent += cpu() - before;
    }
    measured("cpu", spent);
    saw("n", seen);
    saw("sum", total);
    saw("lost", lost);
}
