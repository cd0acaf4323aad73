// Who changes to which user: credentials before and after commit_creds().
#include <linux/cred.h>
#include <linux/uidgid.h>
#include <linux/sched.h>

struct change {
    uid_t from_uid, to_uid;
    uid_t from_euid, to_euid;
    gid_t from_gid, to_gid;
    u64 cap_effective;
};
BPF_HASH(changes, u32, struct change, 1024);

int kprobe__commit_creds(struct pt_regs *ctx, struct cred *new) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    const struct cred *old = task->real_cred;
    u32 pid = task->tgid;
    struct change c = {};
    c.from_uid = old->uid.val;
    c.to_uid = new->uid.val;
    if (c.from_uid == c.to_uid)
        return 0;
    c.from_euid = old->euid.val;
    c.to_euid = new->euid.val;
    c.from_gid = old->gid.val;
    c.to_gid = new->gid.val;
    bpf_probe_read_kernel(&c.cap_effective, sizeof(c.cap_effective), &new->cap_effective);
    changes.update(&pid, &c);
    return 0;
}
