// Faults on mapped files: which file, how far into it.
#include <linux/mm_types.h>
#include <linux/mm.h>
#include <linux/fs.h>

struct touched { u64 inode; u64 page; char name[32]; };
BPF_HASH(touched, struct touched, u64, 8192);

int kprobe__handle_mm_fault(struct pt_regs *ctx, struct vm_area_struct *vma, unsigned long address) {
    struct file *file = vma->vm_file;
    if (!file)
        return 0;
    unsigned long start = vma->vm_start, page_offset = vma->vm_pgoff;
    struct touched t = {};
    t.inode = file->f_inode->i_ino;
    t.page = ((address - start) >> PAGE_SHIFT) + page_offset;
    bpf_probe_read_kernel_str(&t.name, sizeof(t.name), file->f_path.dentry->d_name.name);
    touched.increment(t);
    return 0;
}
