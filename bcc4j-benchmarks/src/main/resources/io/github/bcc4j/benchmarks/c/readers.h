/* A libbcc perf reader for each CPU, which sums three fields of each event. */
#pragma once
#include "bench.h"

static uint64_t seen, total, lost;
static struct perf_reader *readers[256];
static int reader_count;

static void on_event(void *cookie, void *data, int length) {
    (void)cookie, (void)length;
    struct event *e = data;
    total += e->seq + e->lat + e->pid;
    seen++;
}

static void on_lost(void *cookie, uint64_t n) {
    (void)cookie;
    lost += n;
}

static void open_readers(int map, int pages, int wakeup_events) {
    for (int cpu = 0; cpu < sysconf(_SC_NPROCESSORS_ONLN); cpu++) {
        struct bcc_perf_buffer_opts options = {.pid = -1, .cpu = cpu, .wakeup_events = wakeup_events};
        struct perf_reader *reader = bpf_open_perf_buffer_opts(on_event, on_lost, NULL, pages, &options);
        if (!reader) fail("perf buffer");
        int fd = perf_reader_fd(reader);
        if (bpf_update_elem(map, &cpu, &fd, 0) != 0) fail("update");
        readers[reader_count++] = reader;
    }
}
