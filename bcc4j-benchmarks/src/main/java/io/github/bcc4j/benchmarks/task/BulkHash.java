package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.table.BpfHash;

/** Puts entries into a hash, deletes them by their keys, reads and deletes all in one step. */
public final class BulkHash implements Task {
    private final BPF bpf;
    private final BpfHash<Long, Long> table;
    private final Entries entries;
    private long drained;
    private long total;

    /**
     * Makes the hash.
     *
     * @param variant there is one
     * @param size entries
     */
    public BulkHash(String variant, int size) {
        bpf = Entries.hash(size);
        table = bpf.hash("t", Long.class, Long.class);
        entries = new Entries(size);
    }

    @Override
    public void round(Report report) {
        report.cpu("update", () -> table.putAll(entries));
        long before = Report.cpu();
        long deleted = table.deleteAll(entries.keys());
        report.measured("delete", Report.cpu() - before).saw("deleted", deleted);
        table.putAll(entries);
        report.cpu("drain", this::drain).saw("drained", drained).saw("sum", total);
    }

    private void drain() {
        total = 0;
        drained = 0;
        table.drainLong((key, value) -> {
            total += key + value;
            drained++;
        });
    }

    @Override
    public void close() {
        bpf.close();
    }
}
