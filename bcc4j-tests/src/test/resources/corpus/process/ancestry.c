// Walks up from the current task to its great-grandparent.
#include <linux/sched.h>

#define GENERATIONS 4
struct family { u32 pid[GENERATIONS]; };
BPF_HASH(families, u32, struct family);

int kprobe__begin_new_exec(struct pt_regs *ctx) {
    struct task_struct *t = (struct task_struct *)bpf_get_current_task();
    u32 self = bpf_get_current_pid_tgid() >> 32;
    struct family f = {};
#pragma unroll
    for (int i = 0; i < GENERATIONS; i++) {
        f.pid[i] = t->tgid;
        if (f.pid[i] <= 1)
            break;
        t = t->real_parent;
    }
    families.update(&self, &f);
    return 0;
}
