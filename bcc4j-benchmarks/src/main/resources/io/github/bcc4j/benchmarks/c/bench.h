/* C's side of the harness: a round for each line read, answered by a line of what was measured and seen. */
#pragma once
#define _GNU_SOURCE
#include <bcc/bcc_common.h>
#include <bcc/libbpf.h>
#include <bcc/perf_reader.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Perf buffers align records to 4 bytes. */
struct __attribute__((packed, aligned(4))) event {
    uint64_t seq, ts, addr, lat;
    uint32_t pid, tid, cpu, kind;
    char comm[16];
};

static uint32_t size;

static void fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

static uint64_t clock_ns(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}
static uint64_t cpu(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
static uint64_t wall(void) { return clock_ns(CLOCK_MONOTONIC); }

static void measured(const char *metric, uint64_t ns) { printf("%s=%lu ", metric, ns); }
static void saw(const char *check, uint64_t value) { printf("%s:%lu ", check, value); }

/* A BPF program beside the binary, by its file's name without the ending. */
static char *read_text(const char *name) {
    char self[4096], file[8192];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n < 0) fail("readlink");
    self[n] = 0;
    *strrchr(self, '/') = 0;
    snprintf(file, sizeof file, "%s/../bpf/%s.c", self, name);
    FILE *f = fopen(file, "r");
    if (!f) fail(file);
    char *text = calloc(1, 1 << 16);
    if (fread(text, 1, (1 << 16) - 1, f) == 0) fail(file);
    fclose(f);
    return text;
}

static void *compile(const char *name) {
    char entries[32];
    snprintf(entries, sizeof entries, "-DENTRIES=%u", size);
    const char *flags[] = {entries};
    void *module = bpf_module_create_c_from_string(read_text(name), 0, flags, 1, true, NULL);
    if (!module) fail("compile");
    return module;
}

static int load(void *module, const char *function, int type) {
    int fd = bcc_func_load(module, type, function, bpf_function_start(module, function),
                           bpf_function_size(module, function), bpf_module_license(module),
                           bpf_module_kern_version(module), 0, NULL, 0, NULL, 0);
    if (fd < 0) fail("load");
    return fd;
}

static void produce(int program, uint32_t times) {
    char packet[64] = {0};
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.test.prog_fd = program;
    attr.test.data_in = (uint64_t)packet;
    attr.test.data_size_in = sizeof packet;
    attr.test.repeat = times;
    if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof attr) != 0) fail("test run");
}

static void set_number(int numbers, uint64_t value) {
    uint32_t zero = 0;
    if (bpf_update_elem(numbers, &zero, &value, 0) != 0) fail("update");
}

/* Entries i -> 3 i, in batches. */
static void fill(int table) {
    uint64_t *keys = malloc(8ul * size), *values = malloc(8ul * size);
    for (uint32_t i = 0; i < size; i++) {
        keys[i] = i;
        values[i] = 3ull * i;
    }
    uint32_t count = size;
    if (bpf_update_batch(table, keys, values, &count) != 0) fail("update batch");
    free(keys);
    free(values);
}

/* Events that fill a buffer of 256 pages. */
enum { PAGES = 256, FULL = 13000 };

/* Reads a table into arrays that have room for all of it; returns how many entries there were. */
static uint32_t lookup_all(int table, void *keys, void *values) {
    uint64_t cursor = 0;
    uint32_t n = size;
    if (bpf_lookup_batch(table, NULL, (void *)&cursor, keys, values, &n) != 0 && errno != ENOENT) fail("lookup batch");
    return n;
}

#ifndef OWN_MAIN
static void open_task(void);
static void round_task(void);

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    size = strtoul(argv[2], NULL, 10);
    open_task();
    puts("ready");
    fflush(stdout);
    for (char line[128]; fgets(line, sizeof line, stdin);) {
        round_task();
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
#endif
