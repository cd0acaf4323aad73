package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.BlockFlags;
import io.github.bcc4j.tools.cli.Disks;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.type.Unsigned;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How long block devices take for their requests, as a histogram. */
@Command(
        name = "biolatency",
        description = "Histograms of the time that block I/O takes.",
        footer = {
            "",
            "Examples:",
            "  biolatency             # until Ctrl-C",
            "  biolatency 1 10        # each second, ten times",
            "  biolatency -mT 1       # in milliseconds, with the time of day",
            "  biolatency -Q          # with the time in the queue of the operating system",
            "  biolatency -D          # by disk",
            "  biolatency -F          # by flags: reads, writes, synchronous ones, ..."
        })
final class Biolatency extends Tool {
    @Mixin
    private Intervals intervals;

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    @Option(
            names = {"-Q", "--queued"},
            description = "Count from when a request was queued, not from when the device got it.")
    private boolean queued;

    @Option(
            names = {"-m", "--milliseconds"},
            description = "Count milliseconds, not microseconds.")
    private boolean milliseconds;

    @Option(
            names = {"-D", "--disks"},
            description = "A histogram for each disk.")
    private boolean disks;

    @Option(
            names = {"-F", "--flags"},
            description = "A histogram for each kind of request.")
    private boolean flags;

    @Option(
            names = {"-e", "--extension"},
            description = "Print the average, the total and the count, too.")
    private boolean sums;

    @Option(
            names = {"-d", "--disk"},
            paramLabel = "DISK",
            description = "Trace this disk only.")
    private String disk;

    record What(@Unsigned int dev, String rwbs) {}

    record Sum(long total, long count) {}

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        String unit = milliseconds ? "msecs" : "usecs";
        int nanos = milliseconds ? 1_000_000 : 1_000;
        try (BPF bpf = program("block.c", "biolatency.c")
                .define("QUEUED", queued ? 1 : 0)
                .define("UNIT", nanos)
                .defineIf("BY_DISK", disks)
                .defineIf("BY_FLAGS", flags)
                .defineIf("SUMS", sums)
                .define("ONLY_DEV", disk == null ? null : (Integer) Disks.number(disk))
                .load()) {
            BpfHistogram<What> times = bpf.histogram("times", What.class);
            Disks names = new Disks();
            Histograms histograms = new Histograms(out);
            out.text("Tracing block device I/O... Hit Ctrl-C to end.%n");
            session.ready();
            while (intervals.next(session)) {
                out.text("%n%s", timestamp ? Intervals.clock() + "\n" : "");
                Map<What, Sum> all = sums ? drained(bpf.hash("sums", What.class, Sum.class)) : Map.of();
                times.slotsByKey().forEach((what, slots) -> {
                    Map<String, Object> key = new LinkedHashMap<>();
                    if (disks) {
                        key.put("disk", names.name(what.dev()));
                    }
                    if (flags) {
                        key.put("flags", BlockFlags.text(what.rwbs()));
                    }
                    Sum sum = all.get(what);
                    histograms.log2(unit, key, slots, summary(sum, nanos));
                    if (sum != null && sum.count() > 0) {
                        out.text(
                                "%navg = %d %s, total: %d %s, count: %d%n",
                                sum.total() / sum.count() / nanos, unit, sum.total() / nanos, unit, sum.count());
                    }
                });
                times.clear();
            }
        }
    }

    private static Map<What, Sum> drained(BpfHash<What, Sum> sums) {
        Map<What, Sum> all = new LinkedHashMap<>();
        sums.drain(all::put);
        return all;
    }

    private static Map<String, Object> summary(Sum sum, int nanos) {
        Map<String, Object> summary = new LinkedHashMap<>();
        if (sum != null && sum.count() > 0) {
            summary.put("avg", sum.total() / sum.count() / nanos);
            summary.put("total", sum.total() / nanos);
            summary.put("count", sum.count());
        }
        return summary;
    }
}
