// Allocations of a library: sizes by user stack, what is still held by address.
// types: malloc_enter=kprobe, malloc_exit=kprobe, free_enter=kprobe
#include <uapi/linux/ptrace.h>

struct allocation { u64 size; int stack; u32 pad; };
BPF_HASH(sizes, u64);
BPF_HASH(held, u64, struct allocation, 100000);
BPF_STACK_TRACE(stacks, 10240);

int malloc_enter(struct pt_regs *ctx, size_t size) {
    u64 id = bpf_get_current_pid_tgid(), bytes = size;
    sizes.update(&id, &bytes);
    return 0;
}

int malloc_exit(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid(), address = PT_REGS_RC(ctx);
    u64 *size = sizes.lookup(&id);
    if (!size)
        return 0;
    struct allocation a = { .size = *size };
    sizes.delete(&id);
    if (address) {
        a.stack = stacks.get_stackid(ctx, BPF_F_USER_STACK);
        held.update(&address, &a);
    }
    return 0;
}

int free_enter(struct pt_regs *ctx, void *address) {
    u64 key = (u64)address;
    held.delete(&key);
    return 0;
}
