// Pages that are freed while they are marked dirty or locked: flags of struct page by bit number.
#include <linux/mm_types.h>
#include <linux/page-flags.h>

BPF_ARRAY(freed, u64, 4);

int kprobe__free_unref_page(struct pt_regs *ctx, struct page *page) {
    u64 flags = 0;
    bpf_probe_read_kernel(&flags, sizeof(flags), &page->flags);
    freed.increment(0);
    if (flags & (1UL << PG_locked))
        freed.increment(1);
    if (flags & (1UL << PG_dirty))
        freed.increment(2);
    if (flags & BIT(PG_uptodate))
        freed.increment(3);
    return 0;
}
