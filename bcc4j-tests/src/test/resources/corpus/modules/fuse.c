// Requests to FUSE servers by operation, with their answers; a struct that no header file has, only the types of fs/fuse.
#include <uapi/linux/fuse.h>
#include <linux/fs.h>

struct asked { u32 opcode; u64 node; };
struct answer { u32 opcode; int error; };
BPF_HASH(asking, u64, struct asked);
BPF_HASH(answers, struct answer);

#if IS_ENABLED(CONFIG_FUSE_FS)
// types: enter=kprobe, leave=kprobe
int enter(struct pt_regs *ctx, void *mount, struct fuse_args *args) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked a = {};
    a.opcode = args->opcode;
    a.node = args->nodeid;
    if (a.opcode != FUSE_FORGET && a.opcode != FUSE_BATCH_FORGET)
        asking.update(&id, &a);
    return 0;
}

int leave(struct pt_regs *ctx) {
    u64 id = bpf_get_current_pid_tgid();
    struct asked *asked = asking.lookup(&id);
    if (!asked)
        return 0;
    int ret = PT_REGS_RC(ctx);
    struct answer a = { .opcode = asked->opcode, .error = ret < 0 ? -ret : 0 };
    answers.increment(a);
    asking.delete(&id);
    return 0;
}
#endif
