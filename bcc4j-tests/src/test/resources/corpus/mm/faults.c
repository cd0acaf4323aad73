// Page faults by process: major or minor, read or write, from the flags of handle_mm_fault().
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/sched.h>

struct counts { u64 minor, write, exec, user; };
BPF_HASH(faults, u32, struct counts);

int kprobe__handle_mm_fault(struct pt_regs *ctx, struct vm_area_struct *vma, unsigned long address, unsigned int flags) {
    u32 pid = bpf_get_current_pid_tgid() >> 32;
    struct counts zero = {}, *c = faults.lookup_or_try_init(&pid, &zero);
    if (!c)
        return 0;
    c->minor++;
    if (flags & FAULT_FLAG_WRITE)
        c->write++;
    if (flags & FAULT_FLAG_INSTRUCTION)
        c->exec++;
    if (flags & FAULT_FLAG_USER)
        c->user++;
    return 0;
}
