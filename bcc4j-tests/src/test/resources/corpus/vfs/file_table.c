// Which file a descriptor stands for: files_struct, fdtable, by hand.
#include <linux/sched.h>
#include <linux/fdtable.h>
#include <linux/fs.h>

struct truncated { u32 pid; int fd; u64 inode; s64 size; };
BPF_PERF_OUTPUT(cut);

TRACEPOINT_PROBE(syscalls, sys_enter_ftruncate) {
    struct task_struct *task = (struct task_struct *)bpf_get_current_task();
    struct files_struct *files = NULL;
    struct fdtable *fdt = NULL;
    struct file **array = NULL, *file = NULL;
    struct inode *inode = NULL;
    struct truncated t = {};
    t.fd = args->fd;
    bpf_probe_read_kernel(&files, sizeof(files), &task->files);
    bpf_probe_read_kernel(&fdt, sizeof(fdt), &files->fdt);
    bpf_probe_read_kernel(&array, sizeof(array), &fdt->fd);
    bpf_probe_read_kernel(&file, sizeof(file), &array[t.fd]);
    if (!file)
        return 0;
    bpf_probe_read_kernel(&inode, sizeof(inode), &file->f_inode);
    bpf_probe_read_kernel(&t.inode, sizeof(t.inode), &inode->i_ino);
    bpf_probe_read_kernel(&t.size, sizeof(t.size), &inode->i_size);
    t.pid = bpf_get_current_pid_tgid() >> 32;
    cut.perf_submit(args, &t, sizeof(t));
    return 0;
}
