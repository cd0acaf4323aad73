/* Runs the packet program of another process at a steady rate: "PROCESS TIMES RATE" a line, answered when it is done. */
#define OWN_MAIN
#include "bench.h"
#include <dirent.h>

static int packet_program(int process) {
    char folder[64], file[400], line[128];
    snprintf(folder, sizeof folder, "/proc/%d/fdinfo", process);
    DIR *all = opendir(folder);
    if (!all) fail(folder);
    for (struct dirent *entry; (entry = readdir(all));) {
        unsigned type = 0, id = 0;
        snprintf(file, sizeof file, "%s/%s", folder, entry->d_name);
        FILE *f = fopen(file, "r");
        while (f && fgets(line, sizeof line, f)) {
            sscanf(line, "prog_type: %u", &type);
            sscanf(line, "prog_id: %u", &id);
        }
        if (f) fclose(f);
        if (type == BPF_PROG_TYPE_SCHED_CLS) {
            closedir(all);
            union bpf_attr attr = {.prog_id = id};
            return syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &attr, sizeof attr);
        }
    }
    errno = ENOENT;
    fail("no packet program");
    return -1;
}

int main(void) {
    int process;
    unsigned long times, rate;
    puts("ready");
    fflush(stdout);
    while (scanf("%d %lu %lu", &process, &times, &rate) == 3) {
        int program = packet_program(process);
        struct timespec start = {0, 50000000}, step = {0, 100000}; /* the reader begins first */
        nanosleep(&start, NULL);
        uint64_t begin = wall();
        for (unsigned long sent = 0; sent < times;) {
            nanosleep(&step, NULL);
            unsigned long due = (wall() - begin) * rate / 1000000000 - sent;
            if (due > times - sent) due = times - sent;
            if (due > 2000) due = 2000; /* after a pause, no burst that would overrun any buffer */
            if (due > 0) produce(program, due);
            sent += due;
        }
        printf("took=%lu\n", wall() - begin);
        fflush(stdout);
        close(program);
    }
    return 0;
}
