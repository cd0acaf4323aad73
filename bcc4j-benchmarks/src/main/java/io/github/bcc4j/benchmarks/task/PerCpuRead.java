package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.table.BpfHash;
import java.util.List;
import java.util.stream.LongStream;

/** Reads every entry of a per-CPU hash, the values of all CPUs. */
public final class PerCpuRead implements Task {
    private final BPF bpf;
    private final BpfHash<Long, List<Long>> table;
    private long n;
    private long total;

    /**
     * Makes and fills the hash.
     *
     * @param variant there is one
     * @param size entries
     */
    public PerCpuRead(String variant, int size) {
        bpf = BPF.fromSource(Texts.bpf("percpu"), CompilerOptions.DEFAULT.define("ENTRIES", size));
        table = bpf.perCpuHash("t", Long.class, Long.class);
        int cpus = Cpus.possible().cardinality();
        for (long i = 0; i < size; i++) {
            table.set(i, LongStream.range(i, i + cpus).boxed().toList());
        }
    }

    @Override
    public void round(Report report) {
        long before = Report.cpu();
        n = 0;
        total = 0;
        table.forEach((key, values) -> {
            total += key;
            for (long value : values) {
                total += value;
            }
            n++;
        });
        report.measured("cpu", Report.cpu() - before).saw("n", n).saw("sum", total);
    }

    @Override
    public void close() {
        bpf.close();
    }
}
