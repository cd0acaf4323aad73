package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.probe.Generated;
import io.github.bcc4j.tools.probe.Matching;
import io.github.bcc4j.tools.probe.ProbeSpec;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How often functions are called, or tracepoints and static probes met. */
@Command(
        name = "funccount",
        description = "Count calls of functions, tracepoints, static probes by pattern.",
        footer = {
            "",
            "Examples:",
            "  funccount 'vfs_*'              # functions of the kernel",
            "  funccount -i 1 't:block:*'     # tracepoints, each second",
            "  funccount -p 181 'c:mem*'      # functions of the C library, called by one process",
            "  funccount -r '^tcp_(send|recv)' # by a regular expression"
        })
final class Funccount extends Tool {
    @Mixin
    private Matching matching;

    @Option(names = "-d", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    private record Count(String function, long n) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        List<ProbeSpec> specs = matching.places();
        List<Generated> places = IntStream.range(0, specs.size())
                .mapToObj(i -> Generated.of(specs.get(i), i))
                .toList();
        StringBuilder text = new StringBuilder(
                "// Calls by place.\n\nBPF_PERCPU_ARRAY(calls, u64, " + places.size()
                        + ");\n\nstatic int count(int place) {\n    if (!unwanted())\n        calls.increment(place);\n    return 0;\n}\n");
        for (int i = 0; i < places.size(); i++) {
            text.append('\n')
                    .append(places.get(i).head())
                    .append("    return count(")
                    .append(i)
                    .append(");\n}\n");
        }
        Rows<Count> rows =
                new Rows<Count>(out).column("FUNC", "%-36s ", Count::function).column("COUNT", "%8d", Count::n);
        try (BPF bpf = generated(text.toString())
                .define("ONLY_PID", matching.pid())
                .load(Generated.usdt(places, matching.process()))) {
            int refused = Generated.attachAll(bpf, places, matching.process(), this::tell);
            matching.title(out, places.size() - refused);
            session.ready();
            Intervals intervals = matching.intervals();
            long[] before = new long[places.size()];
            while (intervals.next(session)) {
                long[] now = bpf.perCpuArray("calls", Long.class).values().stream()
                        .mapToLong(
                                cpus -> cpus.stream().mapToLong(Long::longValue).sum())
                        .toArray();
                matching.begin(out, "\n");
                rows.header();
                long[] last = before;
                IntStream.range(0, now.length)
                        .filter(i -> now[i] > last[i])
                        .mapToObj(i -> new Count(specs.get(i).function(), now[i] - last[i]))
                        .sorted(Comparator.comparing(Count::n))
                        .forEach(rows::print);
                before = now;
            }
        }
    }

    private void tell(String refused) {
        warn(refused);
    }
}
