package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.table.BpfHash;

/** Looks up and sets entries one by one, in no order. */
public final class SingleEntry implements Task {
    private final BPF bpf;
    private final BpfHash<Long, Long> table;
    private final int size;

    /**
     * Makes and fills the hash.
     *
     * @param variant there is one
     * @param size entries, and calls in a round
     */
    public SingleEntry(String variant, int size) {
        bpf = Entries.hash(size);
        table = bpf.hash("t", Long.class, Long.class);
        table.putAll(new Entries(size));
        this.size = size;
    }

    @Override
    public void round(Report report) {
        long before = Report.cpu();
        long total = lookUp();
        report.measured("lookup", Report.cpu() - before);
        report.cpu("update", this::update).saw("sum", total);
    }

    private long lookUp() {
        long total = 0;
        for (long i = 0; i < size; i++) {
            total += table.get(i * 2654435761L % size);
        }
        return total;
    }

    private void update() {
        for (long i = 0; i < size; i++) {
            long key = i * 2654435761L % size;
            table.set(key, 3 * key);
        }
    }

    @Override
    public void close() {
        bpf.close();
    }
}
