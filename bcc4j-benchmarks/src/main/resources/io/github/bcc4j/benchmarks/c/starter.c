/*
 * Starts a program for each line: words separated by tabs, those with a = before the first other one are environment. The program
 * prints a line when it has read its first value, and waits for the end of its input. Answers how long that took (wall), the CPU time
 * of all its processes to the end (cpu), the most memory it had itself (rss), and what else stood in the line.
 */
#define OWN_MAIN
#include "bench.h"
#include <sys/resource.h>
#include <sys/wait.h>

static uint64_t peak_memory(pid_t process) {
    char file[64], line[256];
    unsigned long kilobytes = 0;
    snprintf(file, sizeof file, "/proc/%d/status", process);
    FILE *f = fopen(file, "r");
    while (f && fgets(line, sizeof line, f) && sscanf(line, "VmHWM: %lu", &kilobytes) != 1);
    if (f) fclose(f);
    return kilobytes * 1024;
}

static void run(char **words) {
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0) fail("pipe");
    uint64_t begin = wall();
    pid_t child = fork();
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        for (; *words && strchr(*words, '=') && **words != '/'; words++) putenv(*words);
        execv(words[0], words);
        fail(words[0]);
    }
    close(in[0]), close(out[1]);
    char line[1024];
    FILE *answer = fdopen(out[0], "r");
    char *first = fgets(line, sizeof line, answer);
    uint64_t took = wall() - begin;
    uint64_t memory = peak_memory(child);
    close(in[1]);
    while (fgetc(answer) != EOF);
    fclose(answer);
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child || status != 0 || !first) fail("the program");
    measured("wall", took);
    measured("rss", memory);
    measured("cpu", (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000ull
                        + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ull);
    line[strcspn(line, "\n")] = 0;
    puts(strcmp(line, "first") == 0 ? "" : line);
    fflush(stdout);
}

int main(void) {
    static char line[1 << 16];
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        char *words[256] = {0};
        int n = 0;
        for (char *word = strtok(line, "\t\n"); word && n < 255; word = strtok(NULL, "\t\n")) words[n++] = word;
        run(words);
    }
    return 0;
}
