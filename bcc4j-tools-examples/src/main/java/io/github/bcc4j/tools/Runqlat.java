package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long tasks wait for a CPU, from when they could run to when they do, as a histogram. */
@Command(
        name = "runqlat",
        description = "Histograms of the time that tasks wait in the run queue.",
        footer = {
            "",
            "Examples:",
            "  runqlat              # until Ctrl-C",
            "  runqlat 1 10         # each second, ten times",
            "  runqlat -mT 1        # in milliseconds, with the time of day",
            "  runqlat -P           # by process",
            "  runqlat -p 185       # of one process"
        })
final class Runqlat extends Tool {
    private static final class By {
        @Option(
                names = {"-P", "--pids"},
                description = "A histogram for each process.")
        private boolean pids;

        @Option(
                names = {"-L", "--tids"},
                description = "A histogram for each thread.")
        private boolean tids;

        @Option(names = "--pidnss", description = "A histogram for each PID namespace.")
        private boolean pidNamespaces;

        private int number() {
            return pids ? 1 : tids ? 2 : pidNamespaces ? 3 : 0;
        }

        private String key() {
            return pids ? "pid" : tids ? "tid" : "pidns";
        }
    }

    @Mixin
    private Intervals intervals;

    @ArgGroup
    private By by = new By();

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Count milliseconds, not microseconds.")
    private boolean milliseconds;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        String unit = milliseconds ? "msecs" : "usecs";
        try (BPF bpf = program()
                .define("ONLY_PID", pid)
                .define("UNIT", milliseconds ? 1_000_000 : 1_000)
                .define("BY", by.number())
                .defineIfMember("HAS___STATE", "task_struct", "__state")
                .load()) {
            out.text("Tracing run queue latency... Hit Ctrl-C to end.%n");
            Histograms histograms = new Histograms(out);
            session.ready();
            while (intervals.next(session)) {
                out.text("%n%s", timestamp ? Intervals.clock() + "\n" : "");
                if (by.number() == 0) {
                    BpfHistogram<Void> times = bpf.histogram("times");
                    histograms.log2(unit, Map.of(), times.slots());
                    times.clear();
                } else {
                    BpfHistogram<Long> times = bpf.histogram("times", Long.class);
                    histograms.log2(unit, times, id -> Map.of(by.key(), id));
                    times.clear();
                }
            }
        }
    }
}
