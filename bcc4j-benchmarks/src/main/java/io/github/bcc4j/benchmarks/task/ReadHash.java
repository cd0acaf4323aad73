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
    private final boolean objects;
    private long n;
    private long total;

    /**
     * Makes and fills the hash.
     *
     * @param variant {@code typed} for an object for each entry, or {@code longs}
     * @param size entries
     */
    public ReadHash(String variant, int size) {
        bpf = Entries.hash(size);
        table = bpf.hash("t", Long.class, Long.class);
        objects = variant.equals("typed");
        table.putAll(new Entries(size));
    }

    @Override
    public void round(Report report) {
        n = 0;
        total = 0;
        report.cpu("cpu", objects ? this::readObjects : this::readNumbers)
                .saw("n", n)
                .saw("sum", total);
    }

    private void readObjects() {
        for (Map.Entry<Long, Long> entry : table.entrySet()) {
            total += entry.getKey() + entry.getValue();
            n++;
        }
    }

    private void readNumbers() {
        table.forEachLong((key, value) -> {
            total += key + value;
            n++;
        });
    }

    @Override
    public void close() {
        bpf.close();
    }
}
