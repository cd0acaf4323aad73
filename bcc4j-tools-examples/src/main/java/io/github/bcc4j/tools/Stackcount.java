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
import io.github.bcc4j.tools.probe.Matching;
import io.github.bcc4j.tools.probe.ProbeSpec;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    @Mixin
    private Matching matching;

    @Mixin
    private Stacks stacks;

    @Option(
            names = {"-c", "--cpu"},
            description = "Count on this CPU only.")
    private Integer cpu;

    @Option(names = "-D", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    @Option(
            names = {"-P", "--perpid"},
            description = "Count by process.")
    private boolean perPid;

    record Where(@Unsigned int pid, long kernel, long user, String comm) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        List<ProbeSpec> specs = matching.places();
        List<Generated> places = IntStream.range(0, specs.size())
                .mapToObj(i -> Generated.of(specs.get(i), i))
                .toList();
        StringBuilder text = new StringBuilder(Programs.read(getClass(), "stackcount.c"));
        places.forEach(p -> text.append('\n').append(p.head()).append("    return count(ctx);\n}\n"));
        try (BPF bpf = stacks.define(generated(text.toString()))
                        .define("ONLY_PID", matching.pid())
                        .define("ONLY_CPU", cpu)
                        .load(Generated.usdt(places, matching.process()));
                StackResolver resolver = new StackResolver()) {
            int refused = Generated.attachAll(bpf, places, matching.process(), message -> warn(message));
            stacks.countStyle();
            if (!stacks.isFolded()) {
                matching.title(out, places.size() - refused);
            }
            BpfHash<Where, Long> counts = bpf.hash("counts", Where.class, Long.class);
            BpfStackTraces table = bpf.stackTraces("stacks");
            Intervals intervals = matching.intervals();
            session.ready();
            long missing = 0;
            while (intervals.next(session)) {
                stacks.begin(matching.pattern(), "count");
                Map<Where, Long> now = new HashMap<>();
                counts.drain(now::put);
                now.forEach((where, n) -> stacks.add(
                        where.comm(),
                        perPid ? where.pid() : 0,
                        stacks.frames(table, resolver, where.kernel(), 0),
                        stacks.frames(table, resolver, where.user(), where.pid()),
                        n));
                matching.begin(out, "");
                missing = stacks.write(out);
            }
            if (missing > 0) {
                warn(missing + " stacks were lost as others had their place: a larger --stack-storage-size helps.");
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }
}
