package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.table.BpfHash;
import java.util.Map;

/** Reads every entry of a hash. */
public final class ReadHash implements Task {
    private final BPF bpf;
    private final BpfHash<Long, Long> table;

    /**
     * Makes and fills the hash.
     *
     * @param variant {@code typed}: an object for each entry
     * @param size entries
     */
    public ReadHash(String variant, int size) {
        bpf = Entries.hash(size);
        table = bpf.hash("t", Long.class, Long.class);
        table.putAll(new Entries(size));
    }

    @Override
    public void round(Report report) {
        long before = Report.cpu();
        long n = 0;
        long total = 0;
        for (Map.Entry<Long, Long> entry : table.entrySet()) {
            total += entry.getKey() + entry.getValue();
            n++;
        }
        report.measured("cpu", Report.cpu() - before).saw("n", n).saw("sum", total);
    }

    @Override
    public void close() {
        bpf.close();
    }
}
