// Fields and constants that only a macro's pasting names.
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/mm_types.h>

#define FIELD(name) t->name##_time
#define FLAG(name) PF_##name
#define GET(to, from) bpf_probe_read_kernel(&to, sizeof(to), &from)
#define MM(part) ({ u64 v_ = 0; GET(v_, mm->start_##part); v_; })

struct seen { u64 start, stack, code; u32 flags; };
BPF_HASH(seen, u32, struct seen);

TRACEPOINT_PROBE(sched, sched_process_exec) {
    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
    struct mm_struct *mm = NULL;
    struct seen s = {};
    u32 pid = args->pid, flags = 0;
    GET(s.start, FIELD(start));
    GET(flags, t->flags);
    GET(mm, t->mm);
    s.stack = MM(stack);
    s.code = MM(code);
    s.flags = flags & (FLAG(KTHREAD) | FLAG(FORKNOEXEC));
    seen.update(&pid, &s);
    return 0;
}
