package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
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

/** Which objects a JVM allocates, and how much they take. */
@Command(
        name = "javaobjnew",
        description = "Count objects that are allocated in a JVM that was started with -XX:+DTraceAllocProbes.",
        footer = {
            "",
            "Examples:",
            "  javaobjnew 181           # until Ctrl-C",
            "  javaobjnew -S 10 181 1   # the ten with most bytes, each second"
        })
final class Javaobjnew extends Tool {
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
            names = {"-C", "--top-count"},
            paramLabel = "N",
            description = "The N classes with most objects.")
    private Long topCount;

    @Option(
            names = {"-S", "--top-size"},
            paramLabel = "N",
            description = "The N classes with most bytes.")
    private Long topSize;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        Hotspot jvm = new Hotspot(pid);
        var probes = jvm.probes("object__alloc", "allocated");
        if (!jvm.hasFlag("DTraceAllocProbes")) {
            warn("Process " + pid + " was started without -XX:+DTraceAllocProbes: it tells of no objects.");
        }
        Rows<Map.Entry<Javacalls.Method, Javacalls.Sum>> rows = new Rows<Map.Entry<Javacalls.Method, Javacalls.Sum>>(
                        out)
                .column("NAME/TYPE", "%-30s ", e -> Hotspot.dotted(e.getKey().type()))
                .column("# ALLOCS", "%8d ", e -> e.getValue().n())
                .column("# BYTES", "%12d", e -> e.getValue().amount());
        try (BPF bpf = program("javacalls.c").load(probes)) {
            BpfHash<Javacalls.Method, Javacalls.Sum> sums =
                    bpf.hash("sums", Javacalls.Method.class, Javacalls.Sum.class);
            out.text("Tracing allocations in process %d (language: java)... Ctrl-C to quit.%n", pid);
            Intervals intervals = Intervals.of(interval);
            session.ready();
            while (intervals.next(session)) {
                Map<Javacalls.Method, Javacalls.Sum> now = new HashMap<>();
                sums.drain(now::put);
                rows.header();
                now.entrySet().stream()
                        .sorted(Comparator.comparing((Map.Entry<Javacalls.Method, Javacalls.Sum> e) -> topCount != null
                                        ? e.getValue().n()
                                        : e.getValue().amount())
                                .reversed())
                        .limit(topCount != null ? topCount : topSize != null ? topSize : Long.MAX_VALUE)
                        .forEach(rows::print);
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }
}
