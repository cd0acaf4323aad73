package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Rows;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long the queues of tasks are that wait for CPUs. */
@Command(
        name = "runqlen",
        description = "Histograms of the length of run queues, sampled.",
        footer = {
            "",
            "Examples:",
            "  runqlen           # until Ctrl-C",
            "  runqlen -T 1 5    # each second, five times, with the time of day",
            "  runqlen -O        # how often somebody waits",
            "  runqlen -C        # by CPU"
        })
final class Runqlen extends Tool {
    private static final int HERTZ = 99;

    @Mixin
    private Intervals intervals;

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    @Option(
            names = {"-O", "--runqocc"},
            description = "Print how often a task waits, in percent.")
    private boolean occupancy;

    @Option(
            names = {"-C", "--cpus"},
            description = "By CPU.")
    private boolean cpus;

    private record Busy(long cpu, double percent) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        try (BPF bpf = program().defineIf("BY_CPU", cpus).load()) {
            BpfHistogram<Long> lengths = bpf.histogram("lengths", Long.class);
            bpf.attachPerfEvent(
                    PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK).perSecond(HERTZ), "sample");
            out.text("Sampling run queue length... Hit Ctrl-C to end.%n");
            Histograms histograms = new Histograms(out);
            Rows<Busy> rows = new Rows<Busy>(out)
                    .column(cpus, "CPU", "%-3d ", Busy::cpu)
                    .column("RUNQOCC", "%6.2f%%", Busy::percent);
            session.ready();
            while (intervals.next(session)) {
                out.text("%n%s", timestamp ? Intervals.clock() + "\n" : "");
                Map<Long, long[]> now = new TreeMap<>(lengths.slotsByKey());
                lengths.clear();
                now.forEach((cpu, slots) -> {
                    if (occupancy) {
                        long all = LongStream.of(slots).sum();
                        double waiting = all == 0 ? 0 : 100.0 * (all - slots[0]) / all;
                        if (cpus) {
                            rows.print(new Busy(cpu, waiting));
                        } else {
                            out.text("runqocc: %.2f%%%n", waiting);
                            out.object(Map.of("runqocc", waiting));
                        }
                    } else {
                        histograms.linear("runqlen", cpus ? Map.of("cpu", cpu) : Map.of(), slots);
                    }
                });
            }
        }
    }
}
