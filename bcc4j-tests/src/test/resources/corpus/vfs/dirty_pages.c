// How full the page cache of a file is when it is synced: address_space.
#include <linux/fs.h>
#include <linux/pagemap.h>

struct cache { u64 ino; u64 pages; u64 written; };
BPF_HASH(caches, u64, struct cache);

int kprobe__file_write_and_wait_range(struct pt_regs *ctx, struct file *file, loff_t lstart, loff_t lend) {
    struct address_space *mapping = file->f_mapping;
    struct inode *host = mapping->host;
    struct cache c = {};
    c.ino = host->i_ino;
    c.pages = mapping->nrpages;
    c.written = mapping->writeback_index;
    caches.update(&c.ino, &c);
    return 0;
}
