// The page cache: pages asked for, added, dirtied.
#include <linux/mm_types.h>
#include <linux/page-flags.h>

#define ACCESSED 0
#define ADDED 1
#define DIRTIED 2
#define BUFFERS 3

BPF_PERCPU_ARRAY(pages, u64, 4);

static void add(int kind, u64 n) {
    u64 *count = pages.lookup(&kind);
    if (count)
        *count += n;
}

static u64 size(struct folio *folio) {
    u64 flags = 0;
    u32 pages = 1;
    bpf_probe_read_kernel(&flags, sizeof(flags), &folio->flags);
    if (flags & 1ULL << PG_head) {
#ifdef HAS__NR_PAGES
        bpf_probe_read_kernel(&pages, sizeof(pages), &folio->_nr_pages);
#elif defined(HAS__FOLIO_NR_PAGES)
        bpf_probe_read_kernel(&pages, sizeof(pages), &folio->_folio_nr_pages);
#endif
    }
    return pages;
}

#ifdef VIA_filemap_mm_filemap_get_pages
TRACEPOINT_PROBE(filemap, mm_filemap_get_pages) {
    add(ACCESSED, args->last_index - args->index + 1);
    return 0;
}
#else
int accessed(struct pt_regs *ctx) {
    add(ACCESSED, 1);
    return 0;
}
#endif

TRACEPOINT_PROBE(filemap, mm_filemap_add_to_page_cache) {
#ifdef HAS_ORDER
    add(ADDED, 1 << args->order);
#else
    add(ADDED, 1);
#endif
    return 0;
}

RAW_TRACEPOINT_PROBE(writeback_dirty_folio) {
    add(DIRTIED, size((struct folio *)ctx->args[0]));
    return 0;
}

#ifdef VIA_mark_buffer_dirty
int buffer_dirtied(struct pt_regs *ctx) {
    add(BUFFERS, 1);
    return 0;
}
#endif
