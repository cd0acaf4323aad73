package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.symbol.KernelSymbols;

/** Reads the kernel's symbols anew and looks one up, in a process that did so before. */
public final class KernelSymbolLoad implements Task {

    /**
     * Nothing to prepare.
     *
     * @param variant there is one
     * @param size one
     */
    public KernelSymbolLoad(String variant, int size) {}

    @Override
    public void round(Report report) {
        KernelSymbols symbols = KernelSymbols.current();
        long before = Report.cpu();
        symbols.refresh();
        symbols.resolve(-1);
        report.measured("cpu", Report.cpu() - before);
    }

    @Override
    public void close() {}
}
