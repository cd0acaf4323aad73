// Typedefs over kernel and own types, arrays and function types among them.
#include <linux/types.h>
#include <linux/sched.h>

typedef struct task_struct *task_t;
typedef char name_t[TASK_COMM_LEN];
typedef struct { u32 pid; name_t name; } who_t;
typedef struct { u64 count; } __attribute__((aligned(16))) total_t;
typedef unsigned int count_t, *count_p;
typedef enum { LOW, HIGH } level_t;

BPF_HASH(totals, who_t, total_t);

TRACEPOINT_PROBE(syscalls, sys_enter_nanosleep) {
    task_t task = (task_t)bpf_get_current_task();
    who_t who = {};
    total_t zero = {}, *t;
    level_t level = HIGH;
    who.pid = task->tgid;
    bpf_get_current_comm(&who.name, sizeof(who.name));
    t = totals.lookup_or_try_init(&who, &zero);
    if (t && level == HIGH)
        t->count++;
    return 0;
}
