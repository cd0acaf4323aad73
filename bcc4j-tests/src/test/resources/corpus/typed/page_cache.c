// Additions to the page cache by process.
#include <linux/mm_types.h>
#include <linux/fs.h>
#include <linux/pagemap.h>

struct added { u32 pid; u64 inode; };
BPF_HASH(added, struct added);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
KFUNC_PROBE(filemap_add_folio, struct address_space *mapping, struct folio *folio, pgoff_t index, gfp_t gfp) {
#else
KFUNC_PROBE(add_to_page_cache_lru, struct page *page, struct address_space *mapping, pgoff_t index, gfp_t gfp) {
#endif
    struct added a = {};
    a.pid = bpf_get_current_pid_tgid() >> 32;
    a.inode = mapping->host->i_ino;
    added.increment(a);
    return 0;
}
