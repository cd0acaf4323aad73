package io.github.bcc4j.benchmarks.task;

import io.github.bcc4j.benchmarks.Report;
import io.github.bcc4j.benchmarks.Task;
import io.github.bcc4j.symbol.KernelSymbols;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Looks up addresses of the kernel, in no order. */
public final class KernelSymbolLookup implements Task {
    private final long[] addresses = functions();
    private final int size;

    /**
     * Reads where the functions are.
     *
     * @param variant there is one
     * @param size calls in a round
     */
    public KernelSymbolLookup(String variant, int size) {
        this.size = size;
    }

    @Override
    public void round(Report report) {
        KernelSymbols symbols = KernelSymbols.current();
        long before = Report.cpu();
        long total = 0;
        for (long i = 0; i < size; i++) {
            long address = addresses[(int) (i * 2654435761L % addresses.length)] + 1;
            total += symbols.resolve(address).orElseThrow().offset();
        }
        report.measured("lookup", Report.cpu() - before).saw("offsets", total);
    }

    /** Of the kernel proper, as /proc/kallsyms lists them. */
    private static long[] functions() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/kallsyms"))) {
            long[] all = lines.filter(l -> l.matches("\\p{XDigit}+ [tT] [^\\[]+"))
                    .mapToLong(l -> Long.parseUnsignedLong(l.substring(0, l.indexOf(' ')), 16))
                    .toArray();
            return Arrays.copyOf(all, all.length - 1); // the last one marks the end of the kernel
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {}
}
