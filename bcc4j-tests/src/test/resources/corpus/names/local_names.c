// Local variables and members called like types, macros and enumerators of the kernel.
#include <linux/fs.h>
#include <net/sock.h>
#include <linux/blkdev.h>

struct data_t { u64 page, bio, dentry; u32 sock, file, current_time; };
BPF_HASH(data, u32, struct data_t);

int kprobe__vfs_fallocate(struct pt_regs *ctx, struct file *file, int mode, loff_t offset, loff_t len) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    u64 page = offset >> 12, request = len, timer = bpf_ktime_get_ns();
    int error = mode, list = 1, bitmap = 2, key = 3;
    struct data_t data_t = {};
    struct inode *inode = file->f_inode;
    data_t.page = page;
    data_t.bio = request + list + bitmap + key;
    data_t.dentry = inode->i_ino;
    data_t.sock = error;
    data_t.current_time = timer / 1000000000;
    data.update(&pid, &data_t);
    return 0;
}
