// A function for a tracepoint by its long name, with the struct that bcc makes from the format file.
#include <linux/sched.h>

BPF_HASH(execs, u32);

int tracepoint__sched__sched_process_exec(struct tracepoint__sched__sched_process_exec *args) {
    u32 old = args->old_pid, pid = args->pid;
    if (old != pid)
        execs.increment(pid);
    return 0;
}
