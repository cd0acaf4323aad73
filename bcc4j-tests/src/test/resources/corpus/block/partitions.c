// Writes by partition: block_device of a bio, its partition number and its disk's name.
#include <linux/blkdev.h>
#include <linux/bio.h>

struct where { char disk[DISK_NAME_LEN]; u32 part; };
BPF_HASH(writes_to, struct where);

int kprobe__bio_endio(struct pt_regs *ctx, struct bio *bio) {
    if (!(bio->bi_opf & 1))
        return 0;
    struct block_device *bdev = bio->bi_bdev;
    if (!bdev)
        return 0;
    struct gendisk *disk = bdev->bd_disk;
    dev_t dev = bdev->bd_dev;
    struct where w = {};
    w.part = MINOR(dev);
    bpf_probe_read_kernel_str(&w.disk, sizeof(w.disk), disk->disk_name);
    u64 zero = 0, *v = writes_to.lookup_or_try_init(&w, &zero);
    if (v)
        (*v)++;
    return 0;
}
