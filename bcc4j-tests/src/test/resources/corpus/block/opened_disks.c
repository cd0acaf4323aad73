// Sizes and states of the disks that are opened: block_device, gendisk and its state bits.
#include <linux/blkdev.h>
#include <linux/blk_types.h>

struct device_name { char text[32]; };
struct state { u64 sectors; u8 read_only; };
BPF_HASH(disks, struct device_name, struct state);

int kprobe__blkdev_get_whole(struct pt_regs *ctx, struct block_device *bdev) {
    struct gendisk *disk = bdev->bd_disk;
    struct device_name n = {};
    struct state s = {};
    s.sectors = bdev->bd_nr_sectors;
    s.read_only = (disk->state >> GD_READ_ONLY) & 1;
    bpf_probe_read_kernel_str(&n.text, sizeof(n.text), disk->disk_name);
    disks.update(&n, &s);
    return 0;
}
