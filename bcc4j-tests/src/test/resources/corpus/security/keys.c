// Keys that are used, by type and description.
#include <linux/key.h>
#include <linux/key-type.h>

struct used { s32 serial; u32 uid; char type[16]; char description[48]; };
BPF_PERF_OUTPUT(used);

int kprobe__key_validate(struct pt_regs *ctx, const struct key *key) {
    struct used u = {};
    u.serial = key->serial;
    u.uid = key->uid.val;
    struct key_type *type = key->type;
    const char *name = type->name, *description = key->description;
    bpf_probe_read_kernel_str(&u.type, sizeof(u.type), name);
    bpf_probe_read_kernel_str(&u.description, sizeof(u.description), description);
    used.perf_submit(ctx, &u, sizeof(u));
    return 0;
}
