package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.table.BpfHash;

/** Deletes every entry of a hash. */
public final class ClearHash implements Task {
    private final BPF bpf;
    private final BpfHash<Long, Long> table;
    private final Entries entries;

    /**
     * Makes the hash.
     *
     * @param variant there is one
     * @param size entries
     */
    public ClearHash(String variant, int size) {
        bpf = Entries.hash(size);
        table = bpf.hash("t", Long.class, Long.class);
        entries = new Entries(size);
    }

    @Override
    public void round(Report report) {
        table.putAll(entries);
        report.cpu("cpu", table::clear).saw("left", table.size());
    }

    @Override
    public void close() {
        bpf.close();
    }
}
