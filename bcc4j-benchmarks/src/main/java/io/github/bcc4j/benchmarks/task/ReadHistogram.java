package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHistogram;

/** Reads a histogram of 64 slots. */
public final class ReadHistogram implements Task {
    private final BPF bpf = BPF.fromSource(Texts.bpf("histogram"));
    private final BpfHistogram<Void> histogram = bpf.histogram("h");
    private final int size;

    /**
     * Fills the histogram.
     *
     * @param variant there is one
     * @param size how often it is read in a round
     */
    public ReadHistogram(String variant, int size) {
        this.size = size;
        BpfArray<Long> slots = bpf.array("h", Long.class);
        for (int slot = 0; slot < 64; slot++) {
            slots.set(slot, slot + 1L);
        }
    }

    @Override
    public void round(Report report) {
        long before = Report.cpu();
        long total = 0;
        for (int i = 0; i < size; i++) {
            for (long count : histogram.slots()) {
                total += count;
            }
        }
        report.measured("cpu", Report.cpu() - before).saw("sum", total);
    }

    @Override
    public void close() {
        bpf.close();
    }
}
