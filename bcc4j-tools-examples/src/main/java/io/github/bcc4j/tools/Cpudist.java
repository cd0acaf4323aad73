package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.Comms;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long tasks run on a CPU at a time, or do not, as a histogram. */
@Command(
        name = "cpudist",
        description = "Histograms of the time that tasks run at a stretch.",
        footer = {
            "",
            "Examples:",
            "  cpudist              # until Ctrl-C",
            "  cpudist -O           # the time off the CPU",
            "  cpudist 1 10         # each second, ten times",
            "  cpudist -P           # by process",
            "  cpudist -p 185       # of one process"
        })
final class Cpudist extends Tool {
    private static final class By {
        @Option(
                names = {"-P", "--pids"},
                description = "A histogram for each process.")
        private boolean pids;

        @Option(
                names = {"-L", "--tids"},
                description = "A histogram for each thread.")
        private boolean tids;
    }

    @Mixin
    private Intervals intervals;

    @ArgGroup
    private By by = new By();

    @Option(
            names = {"-O", "--offcpu"},
            description = "Count the time off the CPU.")
    private boolean offCpu;

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

    @Option(
            names = {"-I", "--include-idle"},
            description = "Count idle CPUs, too.")
    private boolean idle;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        Comms comms = new Comms();
        try (BPF bpf = program()
                .define("ONLY_PID", pid)
                .define("UNIT", milliseconds ? 1_000_000 : 1_000)
                .define("BY", by.pids ? 1 : by.tids ? 2 : 0)
                .define("WITH_IDLE", idle ? 1 : 0)
                .defineIf("OFF_CPU", offCpu)
                .load()) {
            BpfHistogram<Long> times = bpf.histogram("times", Long.class);
            Histograms histograms = new Histograms(out);
            out.text("Tracing %s-CPU time... Hit Ctrl-C to end.%n", offCpu ? "off" : "on");
            session.ready();
            while (intervals.next(session)) {
                out.text("%n%s", timestamp ? Intervals.clock() + "\n" : "");
                histograms.log2(milliseconds ? "msecs" : "usecs", times, id -> key(comms, id));
                times.clear();
            }
        }
    }

    private Map<String, ?> key(Comms comms, long id) {
        Map<String, Object> key = new LinkedHashMap<>();
        if (by.pids || by.tids) {
            key.put(by.pids ? "pid" : "tid", id);
            key.put("comm", comms.name((int) id));
        }
        return key;
    }
}
