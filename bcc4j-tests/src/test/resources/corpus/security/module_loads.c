// Kernel modules as they are loaded: name and size of struct module.
#include <linux/module.h>
#include <linux/kmod.h>

struct loading { u32 pid; int state; char name[MODULE_NAME_LEN]; };
BPF_PERF_OUTPUT(loading);

int kprobe__do_init_module(struct pt_regs *ctx, struct module *mod) {
    struct loading l = {};
    l.pid = bpf_get_current_pid_tgid() >> 32;
    l.state = mod->state;
    bpf_probe_read_kernel_str(&l.name, sizeof(l.name), mod->name);
    if (l.state != MODULE_STATE_COMING)
        return 0;
    loading.perf_submit(ctx, &l, sizeof(l));
    return 0;
}
