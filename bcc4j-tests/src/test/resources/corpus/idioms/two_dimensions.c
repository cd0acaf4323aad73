// Arrays in structs: an element of a kernel array by a constant and by a masked index.
#include <linux/mmzone.h>
#include <linux/utsname.h>
#include <linux/sched.h>
#include <linux/nsproxy.h>

struct system { char release[65]; char machine[65]; u8 first[2][4]; };
BPF_ARRAY(system, struct system, 1);

TRACEPOINT_PROBE(syscalls, sys_enter_newuname) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct nsproxy *nsproxy = NULL;
    struct uts_namespace *uts = NULL;
    int zero = 0;
    struct system *s = system.lookup(&zero);
    if (!s)
        return 0;
    bpf_probe_read_kernel(&nsproxy, sizeof(nsproxy), &task->nsproxy);
    bpf_probe_read_kernel(&uts, sizeof(uts), &nsproxy->uts_ns);
    bpf_probe_read_kernel_str(s->release, sizeof(s->release), uts->name.release);
    bpf_probe_read_kernel_str(s->machine, sizeof(s->machine), uts->name.machine);
    bpf_probe_read_kernel(s->first[0], 4, uts->name.release);
    bpf_probe_read_kernel(s->first[1], 4, uts->name.version);
    return 0;
}
