// Values wider than a register, doubles of words, and unusual widths.
#include <linux/types.h>
#include <linux/uuid.h>
#include <linux/fs.h>

struct wide { unsigned __int128 both; uuid_t uuid; u8 raw[16]; __s64 s; };
BPF_HASH(by_uuid, u64, struct wide);

int kprobe__sync_filesystem(struct pt_regs *ctx, struct super_block *sb) {
    struct wide w = {};
    u64 dev = sb->s_dev;
    bpf_probe_read_kernel(&w.uuid, sizeof(w.uuid), &sb->s_uuid);
    bpf_probe_read_kernel(&w.raw, sizeof(w.raw), &sb->s_uuid);
    bpf_probe_read_kernel(&w.both, sizeof(w.both), &sb->s_uuid);
    w.s = (s64)w.both;
    by_uuid.update(&dev, &w);
    return 0;
}
