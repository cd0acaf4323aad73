// Pages that become dirty by file, where a struct folio is what is handed around.
// kernels: >= 5.18
#include <linux/mm_types.h>
#include <linux/pagemap.h>
#include <linux/fs.h>

BPF_HASH(dirtied, u64);

int kprobe____folio_mark_dirty(struct pt_regs *ctx, struct folio *folio, struct address_space *mapping, int warn) {
    struct inode *host = mapping->host;
    u64 inode = host->i_ino, index = folio->index;
    if (index == 0)
        return 0;
    dirtied.increment(inode);
    return 0;
}
