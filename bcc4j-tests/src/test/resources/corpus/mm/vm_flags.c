// Mappings that are made executable and writable at once.
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <uapi/asm-generic/mman-common.h>

struct wx { u32 pid; u64 start, end, flags; };
BPF_PERF_OUTPUT(wx);

int kprobe__mprotect_fixup(struct pt_regs *ctx) {
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
    struct vm_area_struct *vma = (struct vm_area_struct *)PT_REGS_PARM3(ctx);
    unsigned long newflags = PT_REGS_PARM6(ctx);
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
    struct vm_area_struct *vma = (struct vm_area_struct *)PT_REGS_PARM2(ctx);
    unsigned long newflags = PT_REGS_PARM6(ctx);
#else
    struct vm_area_struct *vma = (struct vm_area_struct *)PT_REGS_PARM1(ctx);
    unsigned long newflags = PT_REGS_PARM5(ctx);
#endif
    u64 flags = 0;
    bpf_probe_read_kernel(&flags, sizeof(flags), &vma->vm_flags);
    if (!((flags | newflags) & VM_EXEC) || !(newflags & VM_WRITE))
        return 0;
    struct wx w = {};
    w.pid = bpf_get_current_pid_tgid() >> 32;
    bpf_probe_read_kernel(&w.start, sizeof(w.start), &vma->vm_start);
    bpf_probe_read_kernel(&w.end, sizeof(w.end), &vma->vm_end);
    w.flags = newflags;
    wx.perf_submit(ctx, &w, sizeof(w));
    return 0;
}
