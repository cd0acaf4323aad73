// Capabilities that are asked for, granted or not.
#include <linux/cred.h>
#include <linux/security.h>
#include <linux/sched.h>
#include <uapi/linux/capability.h>

struct asked { u32 pid, uid; int cap; u32 audit; char comm[TASK_COMM_LEN]; };
BPF_PERF_OUTPUT(asked);

int kprobe__cap_capable(struct pt_regs *ctx, const struct cred *cred, struct user_namespace *ns, int cap, unsigned int opts) {
    if (opts & CAP_OPT_NOAUDIT)
        return 0;
    struct asked a = {};
    a.pid = bpf_get_current_pid_tgid() >> 32;
    a.uid = cred->euid.val;
    a.cap = cap;
    a.audit = !(opts & CAP_OPT_INSETID);
    if (cap == CAP_SYS_ADMIN && a.uid == 0)
        return 0;
    bpf_get_current_comm(&a.comm, sizeof(a.comm));
    asked.perf_submit(ctx, &a, sizeof(a));
    return 0;
}
