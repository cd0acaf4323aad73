// What execve() is about to run: file and interpreter, argument and environment counts.
#include <linux/binfmts.h>
#include <linux/fs.h>

struct program {
    u32 pid;
    int argc, envc;
    char filename[128];
    char interp[128];
};
BPF_PERF_OUTPUT(programs);
BPF_PERCPU_ARRAY(heap, struct program, 1);

int kprobe__security_bprm_check(struct pt_regs *ctx, struct linux_binprm *bprm) {
    u32 key = 0;
    struct program *p = heap.lookup(&key);
    if (p == NULL)
        return 0;
    p->pid = bpf_get_current_pid_tgid() >> 32;
    p->argc = bprm->argc;
    p->envc = bprm->envc;
    bpf_probe_read_kernel_str(p->filename, sizeof(p->filename), bprm->filename);
    bpf_probe_read_kernel_str(p->interp, sizeof(p->interp), bprm->interp);
    programs.perf_submit(ctx, p, sizeof(*p));
    return 0;
}
