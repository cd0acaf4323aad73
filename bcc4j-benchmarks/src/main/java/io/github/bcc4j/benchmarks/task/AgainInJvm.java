package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.benchmarks.Texts;

/** Compiles and loads the text again that it has compiled before: the compile cache knows it. */
public final class AgainInJvm implements Task {
    private final String text = Texts.bpf("again");

    /**
     * Nothing to prepare.
     *
     * @param variant there is one
     * @param size one
     */
    public AgainInJvm(String variant, int size) {}

    @Override
    public void round(Report report) {
        long before = System.nanoTime();
        try (BPF bpf = BPF.fromSource(text)) {
            bpf.program("count", ProgramType.TRACEPOINT);
            report.measured("wall", System.nanoTime() - before);
        }
    }

    @Override
    public void close() {}
}
