package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.tools.cli.Hotspot;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which methods a JVM calls how often, and how long they take. */
@Command(
        name = "javacalls",
        description = "Count calls of Java methods in a JVM that was started with -XX:+DTraceMethodProbes.",
        footer = {
            "",
            "Examples:",
            "  javacalls 181         # until Ctrl-C",
            "  javacalls -L 181 1    # with the time they took, each second"
        })
final class Javacalls extends Tool {
    @Parameters(index = "0", paramLabel = "PID", description = "The JVM's process.")
    private int pid;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Between reports; without it there is one, at the end.")
    private double interval;

    @Option(
            names = {"-T", "--top"},
            paramLabel = "N",
            description = "Rows at most.")
    private long top = Long.MAX_VALUE;

    @Option(
            names = {"-L", "--latency"},
            description = "Sum up the time they took.")
    private boolean latency;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Print milliseconds.")
    private boolean milliseconds;

    record Method(String type, String name) {}

    record Sum(long n, long amount) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        Hotspot jvm = new Hotspot(pid);
        Usdt probes = latency
                ? jvm.probes("method__entry", "method_begins", "method__return", "method_ends")
                : jvm.probes("method__entry", "method_begins");
        if (!jvm.hasFlag("DTraceMethodProbes")) {
            warn("Process " + pid + " was started without -XX:+DTraceMethodProbes: it tells of no calls.");
        }
        Rows<Map.Entry<Method, Sum>> rows = new Rows<Map.Entry<Method, Sum>>(out)
                .column(
                        "METHOD",
                        "%-50s ",
                        e -> Hotspot.dotted(e.getKey().type()) + "."
                                + e.getKey().name())
                .column("# CALLS", "%8d ", e -> e.getValue().n())
                .column(
                        latency && !milliseconds,
                        "TIME (us)",
                        "%10.2f",
                        e -> e.getValue().amount() / 1e3)
                .column(
                        latency && milliseconds,
                        "TIME (ms)",
                        "%10.2f",
                        e -> e.getValue().amount() / 1e6);
        try (BPF bpf =
                program().defineIf("METHODS", true).defineIf("TIMES", latency).load(probes)) {
            BpfHash<Method, Sum> sums = bpf.hash("sums", Method.class, Sum.class);
            out.text("Tracing method calls in process %d [language: java]... Ctrl-C to quit.%n", pid);
            Intervals intervals = Intervals.of(interval);
            session.ready();
            while (intervals.next(session)) {
                Map<Method, Sum> now = new HashMap<>();
                sums.drain(now::put);
                rows.header();
                now.entrySet().stream()
                        .sorted(Comparator.comparing((Map.Entry<Method, Sum> e) -> latency
                                        ? e.getValue().amount()
                                        : e.getValue().n())
                                .reversed())
                        .limit(top)
                        .forEach(rows::print);
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }
}
