// A tracepoint whose arguments the text lays out itself, common fields skipped.
// types: on_alloc=tracepoint
#include <linux/types.h>

struct clone_args_of_entry {
    u64 __unused;
    long syscall;
    u64 flags;
    u64 newsp;
};
BPF_HASH(flags, u64);

int on_alloc(struct clone_args_of_entry *args) {
    u64 f = args->flags;
    flags.increment(f);
    return 0;
}
