// Reads the command line of the current process from its own memory.
#include <linux/sched.h>
#include <linux/mm_types.h>

#define CMDLINE 200
struct line { u32 pid; u32 size; char text[CMDLINE]; };
BPF_PERF_OUTPUT(lines);
BPF_PERCPU_ARRAY(buffer, struct line, 1);

TRACEPOINT_PROBE(syscalls, sys_enter_kill) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct mm_struct *mm = task->mm;
    int zero = 0;
    struct line *l = buffer.lookup(&zero);
    if (!l)
        return 0;
    unsigned long from = mm->arg_start, to = mm->arg_end;
    l->pid = bpf_get_current_pid_tgid() >> 32;
    l->size = min((unsigned long)CMDLINE, to - from);
    bpf_probe_read_user(l->text, CMDLINE, (void *)from);
    lines.perf_submit(args, l, sizeof(*l));
    return 0;
}
