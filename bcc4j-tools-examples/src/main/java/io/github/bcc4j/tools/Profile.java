package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.tools.cli.Containers;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Stacks;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where CPUs spend their time: stacks, sampled. */
@Command(
        name = "profile",
        description = "Sample the stacks that CPUs are in.",
        footer = {
            "",
            "Examples:",
            "  profile 10                       # for ten seconds, 49 times a second on each CPU",
            "  profile -F 99 -p 181 10          # one process, 99 times",
            "  profile -f 10 > stacks.txt       # a line for each stack",
            "  profile --flame cpu.html 10      # a flame graph",
            "  profile -c 1000000 -U 10         # each million nanoseconds, processes' functions only"
        })
final class Profile extends Tool {
    private static final class Rate {
        @Option(
                names = {"-F", "--frequency"},
                paramLabel = "HERTZ",
                description = "Samples a second on each CPU (default 49).")
        private long hertz;

        @Option(
                names = {"-c", "--count"},
                paramLabel = "NS",
                description = "A sample after so many nanoseconds of a CPU's time.")
        private long nanos;
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "How long; without it until Ctrl-C.")
    private double seconds;

    @ArgGroup
    private Rate rate = new Rate();

    @Mixin
    private Stacks stacks;

    @Option(
            names = {"-p", "--pid"},
            description = "Sample this process only.")
    private Long pid;

    @Option(
            names = {"-L", "--tid"},
            description = "Sample this thread only.")
    private Long tid;

    @Option(
            names = {"-I", "--include-idle"},
            description = "Sample idle CPUs, too.")
    private boolean idle;

    @Option(
            names = {"-C", "--cpu"},
            description = "Sample this CPU only.")
    private Integer cpu;

    @Mixin
    private Containers containers;

    record Where(@Unsigned int pid, long kernel, long user, String comm) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException, IOException {
        if (rate.hertz < 0 || rate.nanos < 0) {
            throw new IllegalArgumentException("a rate is 1 or more");
        }
        if (seconds > 0) {
            session.endAfter(seconds);
        }
        PerfEventSpec clock = PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK);
        clock = rate.nanos > 0 ? clock.every(rate.nanos) : clock.perSecond(rate.hertz > 0 ? rate.hertz : 49);
        try (BPF bpf = stacks.define(program())
                .define("ONLY_PID", pid)
                .define("ONLY_TID", tid)
                .defineIf("WITH_IDLE", idle)
                .in(containers)
                .load()) {
            bpf.attachPerfEvent(cpu == null ? clock : clock.onCpu(cpu), "sample");
            if (!stacks.isFolded()) {
                String rateText =
                        rate.nanos > 0 ? "each " + rate.nanos + " ns" : (rate.hertz > 0 ? rate.hertz : 49) + " Hertz";
                String whose = pid != null ? "PID " + pid : tid != null ? "TID " + tid : "all threads";
                out.text(
                        "Sampling at %s of %s%s%n",
                        rateText, whose, seconds > 0 ? " for " + seconds + " secs." : "... Hit Ctrl-C to end.");
            }
            session.ready();
            BpfHash<Where, Long> counts = bpf.hash("counts", Where.class, Long.class);
            BpfStackTraces table = bpf.stackTraces("stacks");
            stacks.begin("CPU", "samples");
            try (StackResolver resolver = new StackResolver()) {
                stacks.await(
                        session,
                        seen -> counts.forEach((where, n) -> seen.accept(where.user(), where.pid())),
                        table,
                        resolver);
                bpf.links().forEach(BpfLink::close);
                counts.forEach((where, count) -> stacks.add(
                        where.comm(),
                        where.pid(),
                        stacks.frames(table, resolver, where.kernel(), 0),
                        stacks.frames(table, resolver, where.user(), where.pid()),
                        count));
            }
            report(bpf, out);
        }
    }

    private void report(BPF bpf, Output out) throws IOException {
        long missing = stacks.write(out);
        if (missing > 0) {
            warn(missing + " stacks were lost as others had their place: a larger --stack-storage-size helps.");
        }
        warnIfLost(bpf.array("lost", Long.class).get(0));
    }
}
