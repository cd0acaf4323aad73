package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.tools.cli.Hotspot;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** When a JVM collects garbage, and how long that takes. */
@Command(
        name = "javagc",
        description = "Trace garbage collections of a JVM.",
        footer = {
            "",
            "Examples:",
            "  javagc 181           # every one",
            "  javagc -m -M 5000 181 # of 5 ms and more, in milliseconds"
        })
final class Javagc extends Tool {
    @Parameters(paramLabel = "PID", description = "The JVM's process.")
    private int pid;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Print milliseconds.")
    private boolean milliseconds;

    @Option(
            names = {"-M", "--minimum"},
            paramLabel = "US",
            defaultValue = "0",
            description = "Collections of so many microseconds and more.")
    private long least;

    record Gc(long begun, long lasted, @Unsigned int full) {}

    @Override
    protected void trace(Session session, Output out) {
        long start = System.nanoTime();
        Rows<Gc> rows = new Rows<Gc>(out)
                .column("START", "%-8.3f ", e -> (e.begun() - start) / 1e9)
                .column(!milliseconds, "TIME (us)", "%-10.2f ", e -> e.lasted() / 1e3)
                .column(milliseconds, "TIME (ms)", "%-10.2f ", e -> e.lasted() / 1e6)
                .column("DESCRIPTION", "%s", e -> e.full() != 0 ? "full collection" : "collection");
        try (BPF bpf = program()
                        .define("MIN_NS", Math.multiplyExact(least, 1000L))
                        .load(new Hotspot(pid).probes("gc__begin", "gc_begins", "gc__end", "gc_ends"));
                PerfBuffer<Gc> events = bpf.perfBuffer("events", Gc.class)) {
            out.text("Tracing garbage collections in java process %d... Ctrl-C to quit.%n", pid);
            rows.header();
            session.ready();
            session.forEach(events, rows::print);
            warnIfLost(events.lost());
        }
    }
}
