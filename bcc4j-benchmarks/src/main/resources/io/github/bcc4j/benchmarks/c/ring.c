#include "bench.h"

static int program, numbers;
static struct ring_buffer *ring;
static uint64_t seen, total;

static int on_event(void *context, void *data, size_t length) {
    (void)context, (void)length;
    struct event *e = data;
    total += e->seq + e->lat + e->pid;
    seen++;
    return 0;
}

static void open_task(void) {
    void *module = compile("ring");
    program = load(module, "produce", BPF_PROG_TYPE_SCHED_CLS);
    numbers = bpf_table_fd(module, "numbers");
    ring = bpf_new_ringbuf(bpf_table_fd(module, "events"), on_event, NULL);
    if (!ring) fail("ring buffer");
}

static void round_task(void) {
    uint64_t spent = 0;
    seen = total = 0;
    set_number(numbers, 0);
    for (uint32_t left = size, n; left; left -= n) {
        n = left < FULL ? left : FULL;
        produce(program, n);
        uint64_t before = cpu();
        bpf_consume_ringbuf(ring);
        spent += cpu() - before;
    }
    measured("cpu", spent);
    saw("n", seen);
    saw("sum", total);
}
