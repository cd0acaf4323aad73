package io.github.bcc4j.tools.cli;

import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the tools for soft and hard interrupts have in common: options, and their report. */
public final class IrqOptions {
    @Mixin
    private Intervals intervals;

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    @Option(
            names = {"-N", "--nanoseconds"},
            description = "Show nanoseconds, not microseconds.")
    private boolean nanoseconds;

    @Option(
            names = {"-C", "--events"},
            description = "Show how many there were, not how long they took.")
    private boolean events;

    @Option(
            names = {"-d", "--dist"},
            description = "Show histograms of the time they took.")
    private boolean distribution;

    @Option(
            names = {"-c", "--cpu"},
            description = "Trace this CPU only.")
    private Integer cpu;

    /**
     * How many, and how long.
     *
     * @param count how many
     * @param ns nanoseconds in all
     */
    public record Sum(long count, long ns) {}

    /** For picocli. */
    public IrqOptions() {}

    /**
     * Tells a program what is asked for.
     *
     * @param program gets {@code UNIT}, {@code DISTRIBUTION}, {@code ONLY_CPU}
     * @return the program
     */
    public Program define(Program program) {
        return program.define("UNIT", nanoseconds ? 1 : 1000)
                .defineIf("DISTRIBUTION", distribution)
                .define("ONLY_CPU", cpu);
    }

    /**
     * Traces until the run ends, and reports.
     *
     * @param session the run
     * @param what the kind, as a header and as a key: {@code softirq}
     * @param width of its column
     * @param name of a key
     * @param sums by key
     * @param times by key
     * @param <K> what is counted by, in {@code sums}
     * @param <H> the same in {@code times}
     * @param histogramName of a key of {@code times}
     * @throws InterruptedException if the thread is interrupted
     */
    public <K, H> void report(
            Session session,
            String what,
            int width,
            Function<? super K, String> name,
            BpfHash<K, Sum> sums,
            Function<? super H, String> histogramName,
            BpfHistogram<H> times)
            throws InterruptedException {
        Output out = session.output();
        String unit = nanoseconds ? "nsecs" : "usecs";
        Rows<Map.Entry<K, Sum>> rows = new Rows<Map.Entry<K, Sum>>(out)
                .column(what.toUpperCase(Locale.ROOT), "%-" + width + "s ", e -> name.apply(e.getKey()))
                .column(events, "TOTAL_count", "%11d", e -> e.getValue().count())
                .column(!events, "TOTAL_" + unit, "%11d", e -> e.getValue().ns() / (nanoseconds ? 1 : 1000));
        Histograms histograms = new Histograms(out);
        session.ready();
        while (intervals.next(session)) {
            out.text("%n%s", timestamp ? Intervals.clock() + "\n" : "");
            if (distribution) {
                histograms.log2(unit, times, key -> Map.of(what, histogramName.apply(key)));
                times.clear();
            } else {
                Map<K, Sum> now = new HashMap<>();
                sums.drain(now::put);
                rows.header();
                now.entrySet().stream()
                        .sorted(Comparator.comparing(e ->
                                events ? e.getValue().count() : e.getValue().ns()))
                        .forEach(rows::print);
            }
        }
    }
}
