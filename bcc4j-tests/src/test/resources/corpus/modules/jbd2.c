// Journal transactions: sizes and their longest waits, from the handle and its journal.
#include <linux/jbd2.h>
#include <linux/fs.h>

struct stats { u64 handles, credits; u32 longest; };
BPF_HASH(by_journal, u64, struct stats);

int kprobe__jbd2_journal_stop(struct pt_regs *ctx, handle_t *handle) {
    u64 journal = 0;
    transaction_t *transaction = handle->h_transaction;
    if (transaction)
        journal = (u64)transaction->t_journal;
    struct stats zero = {}, *s = by_journal.lookup_or_try_init(&journal, &zero);
    if (!s)
        return 0;
    u32 credits = handle->h_total_credits;
    s->handles++;
    s->credits += credits;
    if (credits > s->longest)
        s->longest = credits;
    return 0;
}
