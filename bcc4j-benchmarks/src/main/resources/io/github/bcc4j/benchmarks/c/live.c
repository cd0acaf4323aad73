#include "readers.h"

static int numbers;

static void open_task(void) {
    void *module = compile("perf");
    load(module, "produce", BPF_PROG_TYPE_SCHED_CLS);
    numbers = bpf_table_fd(module, "numbers");
    open_readers(bpf_table_fd(module, "events"), 1024, 64);
}

static void round_task(void) {
    seen = total = lost = 0;
    set_number(numbers, 0);
    uint64_t before = cpu(), last = -1, deadline = 0;
    while (seen + lost < size && (seen != last || wall() < deadline)) {
        if (seen != last) deadline = wall() + 2000000000;
        last = seen;
        perf_reader_poll(reader_count, readers, 100);
        if (seen == last) perf_reader_consume(reader_count, readers); /* the rest below 64 wakes nobody */
    }
    measured("cpu", cpu() - before);
    saw("n", seen);
    saw("sum", total);
    saw("lost", lost);
}
