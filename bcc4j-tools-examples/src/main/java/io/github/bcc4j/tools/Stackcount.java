package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Programs;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Stacks;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.probe.Generated;
import io.github.bcc4j.tools.probe.Places;
import io.github.bcc4j.tools.probe.ProbeSpec;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The stacks that lead to functions, tracepoints or static probes, and how often. */
@Command(
        name = "stackcount",
        description = "Count the stacks that lead to functions, tracepoints, static probes.",
        footer = {
            "",
            "Examples:",
            "  stackcount vfs_read                  # a function of the kernel",
            "  stackcount -P t:block:block_rq_issue # a tracepoint, by process",
            "  stackcount -p 181 -U c:malloc        # a function of the C library, called by one process",
            "  stackcount -f 't:sched:sched_switch' # a line for each stack"
        })
final class Stackcount extends Tool {
    @Parameters(paramLabel = "PATTERN", description = "[p|t|u:][library:]name, in which * stands for anything.")
    private String pattern;

    @Mixin
    private Stacks stacks;

    @Option(
            names = {"-p", "--pid"},
            description = "Count for this process only.")
    private Long pid;

    @Option(
            names = {"-c", "--cpu"},
            description = "Count on this CPU only.")
    private Integer cpu;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Seconds between reports; without it there is one, at the end.")
    private double interval;

    @Option(names = "-D", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    @Option(
            names = {"-r", "--regexp"},
            description = "The pattern is a regular expression.")
    private boolean regexp;

    @Option(
            names = {"-P", "--perpid"},
            description = "Count by process.")
    private boolean perPid;

    record Where(@Unsigned int pid, long kernel, long user, String comm) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        OptionalInt process = pid == null ? OptionalInt.empty() : OptionalInt.of(pid.intValue());
        List<ProbeSpec> specs = Places.matching(pattern, regexp, process);
        List<Generated> places = IntStream.range(0, specs.size())
                .mapToObj(i -> Generated.of(specs.get(i), i))
                .toList();
        StringBuilder text = new StringBuilder(Programs.read(getClass(), "stackcount.c"));
        places.forEach(p -> text.append('\n').append(p.head()).append("    return count(ctx);\n}\n"));
        try (BPF bpf = stacks.define(generated(text.toString()))
                        .define("ONLY_PID", pid)
                        .define("ONLY_CPU", cpu)
                        .load(Generated.usdt(places, process));
                StackResolver resolver = new StackResolver()) {
            int refused = Generated.attachAll(bpf, places, message -> warn(message));
            stacks.countStyle();
            if (!stacks.isFolded()) {
                out.text("Tracing %d functions for \"%s\"... Hit Ctrl-C to end.%n", places.size() - refused, pattern);
            }
            BpfHash<Where, Long> counts = bpf.hash("counts", Where.class, Long.class);
            BpfStackTraces table = bpf.stackTraces("stacks");
            Intervals intervals = Intervals.of(interval);
            session.ready();
            long missing = 0;
            while (intervals.next(session)) {
                stacks.begin(pattern, "count");
                Map<Where, Long> now = new HashMap<>();
                counts.drain(now::put);
                now.forEach((where, n) -> stacks.add(
                        where.comm(),
                        perPid ? where.pid() : 0,
                        stacks.frames(table, resolver, where.kernel(), 0),
                        stacks.frames(table, resolver, where.user(), where.pid()),
                        n));
                out.text("%s", timestamp ? Intervals.clock() + "\n" : "");
                missing = stacks.write(out);
            }
            if (missing > 0) {
                warn(missing + " stacks were lost as others had their place: a larger --stack-storage-size helps.");
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }
}
