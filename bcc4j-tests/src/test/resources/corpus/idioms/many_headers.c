// A small program that includes much more than it needs.
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/fs.h>
#include <linux/file.h>
#include <linux/fdtable.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>
#include <linux/string.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <linux/version.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf.h>
#include <asm/ptrace.h>

BPF_HASH(opens, u32);

int kprobe__do_filp_open(struct pt_regs *ctx, int dfd, struct filename *pathname) {
    u32 uid = bpf_get_current_uid_gid();
    const char *name = pathname->name;
    char first = 0;
    bpf_probe_read_kernel(&first, 1, name);
    if (first == '/')
        opens.increment(uid);
    return 0;
}
