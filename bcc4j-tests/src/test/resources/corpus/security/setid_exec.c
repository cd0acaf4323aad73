// Programs that run with another's rights because of their file's mode.
#include <linux/binfmts.h>
#include <linux/cred.h>
#include <linux/fs.h>

struct setid { u32 pid, uid, euid, egid; char name[64]; };
BPF_PERF_OUTPUT(setids);

int kprobe__security_bprm_committed_creds(struct pt_regs *ctx, const struct linux_binprm *bprm) {
    struct file *file = bprm->file;
    umode_t mode = file->f_inode->i_mode;
    if (!(mode & (S_ISUID | S_ISGID)))
        return 0;
    const struct cred *cred = bprm->cred;
    struct setid s = {};
    s.pid = bpf_get_current_pid_tgid() >> 32;
    s.uid = bpf_get_current_uid_gid() & 0xffffffff;
    if (cred) {
        s.euid = cred->euid.val;
        s.egid = cred->egid.val;
    }
    bpf_probe_read_kernel_str(&s.name, sizeof(s.name), bprm->filename);
    setids.perf_submit(ctx, &s, sizeof(s));
    return 0;
}
