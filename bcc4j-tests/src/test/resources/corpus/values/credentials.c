// kuid_t and kgid_t, capability sets as one word whatever the kernel keeps them in.
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/capability.h>
#include <linux/sched.h>

struct rights { uid_t uid; gid_t gid; kuid_t fsuid; u64 effective; bool admin; };
BPF_HASH(rights, u32, struct rights);

int kprobe__prepare_kernel_cred(struct pt_regs *ctx, struct task_struct *daemon) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    const struct cred *cred = task->cred;
    u32 pid = task->tgid;
    struct rights r = {};
    kernel_cap_t effective = {};
    r.uid = cred->uid.val;
    r.gid = cred->gid.val;
    r.fsuid = cred->fsuid;
    bpf_probe_read_kernel(&effective, sizeof(effective), &cred->cap_effective);
    __builtin_memcpy(&r.effective, &effective, sizeof(r.effective));
    r.admin = (r.effective & BIT_ULL(CAP_SYS_ADMIN)) != 0;
    rights.update(&pid, &r);
    return 0;
}
