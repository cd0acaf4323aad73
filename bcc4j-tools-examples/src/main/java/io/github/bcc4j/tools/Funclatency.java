package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Programs;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.probe.Generated;
import io.github.bcc4j.tools.probe.Matching;
import io.github.bcc4j.tools.probe.ProbeSpec;
import io.github.bcc4j.tools.probe.ProbeSpec.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long functions take, as histograms. */
@Command(
        name = "funclatency",
        description = "Histograms of the time that functions take.",
        footer = {
            "",
            "Examples:",
            "  funclatency do_sys_openat2       # a function of the kernel, in nanoseconds",
            "  funclatency -u vfs_read          # in microseconds",
            "  funclatency -F 'vfs_r*'          # each by itself",
            "  funclatency -p 181 c:malloc      # of the C library, in one process",
            "  funclatency -mTi 5 'c:getaddr*'  # in milliseconds, with the time, each five seconds"
        })
final class Funclatency extends Tool {
    @Mixin
    private Matching matching;

    @Option(names = "-d", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    @Option(
            names = {"-u", "--microseconds"},
            description = "Count microseconds.")
    private boolean microseconds;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Count milliseconds.")
    private boolean milliseconds;

    @Option(
            names = {"-F", "--function"},
            description = "A histogram for each function.")
    private boolean perFunction;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        if (microseconds && milliseconds) {
            throw new IllegalArgumentException("-u or -m, not both");
        }
        List<ProbeSpec> specs = matching.places();
        if (specs.getFirst().kind() != Kind.ENTRY) {
            throw new IllegalArgumentException("functions take time, not " + matching.pattern());
        }
        StringBuilder text = new StringBuilder(Programs.read(getClass(), "funclatency.c"));
        List<Generated> places = new ArrayList<>();
        for (int i = 0; i < specs.size(); i++) {
            ProbeSpec s = specs.get(i);
            Generated entry = new Generated(s, "entry_" + i);
            Generated exit =
                    new Generated(new ProbeSpec(Kind.RETURN, s.library(), s.function(), 0, List.of()), "exit_" + i);
            text.append('\n')
                    .append(entry.head())
                    .append("    return begins(")
                    .append(i)
                    .append(");\n}\n\n");
            text.append(exit.head()).append("    return ends(").append(i).append(");\n}\n");
            places.add(exit);
            places.add(entry);
        }
        String unit = milliseconds ? "msecs" : microseconds ? "usecs" : "nsecs";
        try (BPF bpf = generated(text.toString())
                .define("ONLY_PID", matching.pid())
                .define("UNIT", milliseconds ? 1_000_000 : microseconds ? 1_000 : 1)
                .defineIf("BY_FUNCTION", perFunction)
                .load()) {
            int refused = Generated.attachAll(bpf, places, matching.process(), message -> warn(message));
            matching.title(out, (places.size() - refused) / 2);
            BpfHistogram<Long> times = bpf.histogram("times", Long.class);
            Intervals intervals = matching.intervals();
            Histograms histograms = new Histograms(out);
            session.ready();
            while (intervals.next(session)) {
                matching.begin(out, "\n");
                histograms.log2(
                        unit,
                        times,
                        place -> perFunction
                                ? Map.of("Function", specs.get(place.intValue()).function())
                                : Map.of());
                times.clear();
            }
        }
    }
}
