package io.github.bcc4j.tools;

import io.github.bcc4j.BPF;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.tools.cli.Histograms;
import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import io.github.bcc4j.tools.cli.Programs;
import io.github.bcc4j.tools.cli.Session;
import io.github.bcc4j.tools.cli.Tool;
import io.github.bcc4j.tools.probe.Distribution;
import io.github.bcc4j.tools.probe.Generated;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Distributions of what functions are called with, return, or take: counted by value, or as histograms. */
@Command(
        name = "argdist",
        description = "Count values of functions' parameters and results, or draw them as histograms.",
        footer = {
            "",
            "A specifier is PLACE(PARAMETERS)[:TYPE,...:EXPRESSION,...[:PREDICATE]][#LABEL]; places and expressions are those of trace,",
            "and in returns $retval, $latency (nanoseconds), $entry(PARAMETER).",
            "",
            "Examples:",
            "  argdist -H 'r:c:read()'                             # what read() returns, as a histogram",
            "  argdist -C 'p:c:malloc(size_t size):size_t:size'    # how often which size is asked for",
            "  argdist -H 'r:c:fsync():u64:$latency/1000#usecs'    # how long fsync() takes",
            "  argdist -C 't:irq:irq_handler_entry():int:args->irq'",
            "  argdist -i 5 -n 3 -C 'r::__vfs_read():int:$retval:$retval < 0'"
        })
final class Argdist extends Tool {
    @Option(
            names = {"-H", "--histogram"},
            paramLabel = "SPECIFIER",
            description = "Draw a histogram of this.")
    private List<String> histograms = List.of();

    @Option(
            names = {"-C", "--count"},
            paramLabel = "SPECIFIER",
            description = "Count each value of this.")
    private List<String> counts = List.of();

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Long pid;

    @Option(
            names = {"-t", "--tid"},
            description = "Trace this thread only.")
    private Long tid;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "Seconds between reports (default ${DEFAULT-VALUE}).")
    private double interval;

    @Option(
            names = {"-n", "--number"},
            paramLabel = "N",
            defaultValue = "0",
            description = "How many reports; without it as many as time allows.")
    private int number;

    @Option(names = "-d", paramLabel = "SECONDS", description = "As --duration.")
    private void d(double seconds) {
        endAfter(seconds);
    }

    @Option(
            names = {"-z", "--string-size"},
            paramLabel = "BYTES",
            defaultValue = "80",
            description = "Of texts, at most (default ${DEFAULT-VALUE}).")
    private int textSize;

    @Option(
            names = {"-T", "--top"},
            paramLabel = "N",
            description = "Rows of counts at most.")
    private long top = Long.MAX_VALUE;

    @Option(
            names = {"-c", "--cumulative"},
            description = "Don't begin with nothing after each report.")
    private boolean cumulative;

    @Option(
            names = {"-I", "--include"},
            paramLabel = "HEADER",
            description = "Include this header of the kernel, such as linux/fs.h.")
    private List<String> headers = List.of();

    @Option(
            names = {"-v", "--verbose"},
            description = "Show the C text, too.")
    private boolean verbose;

    @Override
    protected void trace(Session session, Output out) throws InterruptedException {
        if (textSize < 1 || textSize > 400) {
            throw new IllegalArgumentException("--string-size is 1 to 400, not " + textSize);
        }
        if (histograms.isEmpty() && counts.isEmpty()) {
            throw new IllegalArgumentException("give a specifier: -H or -C; --help shows some");
        }
        List<Distribution> all = new ArrayList<>();
        int size = (textSize + 7) / 8 * 8;
        histograms.forEach(h -> all.add(Distribution.parse(h, all.size(), true, size)));
        counts.forEach(c -> all.add(Distribution.parse(c, all.size(), false, size)));
        String text = Trace.includes(headers)
                + Programs.read(getClass(), "argdist.c")
                + all.stream().map(Distribution::c).collect(Collectors.joining());
        if (verbose) {
            out.text("%s%n", text);
        }
        List<Generated> places = all.stream()
                .flatMap(d -> Stream.concat(d.entry().stream(), Stream.of(d.place())))
                .toList();
        OptionalInt process = pid == null ? OptionalInt.empty() : OptionalInt.of(pid.intValue());
        try (BPF bpf =
                generated(text).define("ONLY_PID", pid).define("ONLY_TID", tid).load(Generated.usdt(places, process))) {
            places.forEach(p -> p.attach(bpf, process));
            Intervals intervals = Intervals.of(interval, number);
            session.ready();
            while (intervals.next(session)) {
                out.text("[%s]%n", Intervals.clock());
                all.forEach(d -> report(bpf, d, out));
            }
            warnIfLost(bpf.array("lost", Long.class).get(0));
        }
    }

    private void report(BPF bpf, Distribution d, Output out) {
        if (d.isHistogram()) {
            BpfHistogram<Void> table = bpf.histogram(d.table());
            new Histograms(out).log2(d.unit(), Map.of(), table.slots());
            if (!cumulative) {
                table.clear();
            }
            return;
        }
        var table = bpf.hash(d.table(), byte[].class, Long.class);
        Map<Map<String, Object>, Long> now = new HashMap<>();
        if (cumulative) {
            table.forEach((key, n) -> now.merge(d.values(key), n, Long::sum));
        } else {
            table.drain((key, n) -> now.merge(d.values(key), n, Long::sum));
        }
        out.text("%s%n\t%-10s %s%n", d.title(), "COUNT", "EVENT");
        now.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(top)
                .sorted(Map.Entry.comparingByValue())
                .forEach(e -> {
                    out.text("\t%-10d %s%n", e.getValue(), shown(e.getKey()));
                    Map<String, Object> object = new LinkedHashMap<>();
                    object.put("of", d.title());
                    object.put("count", e.getValue());
                    object.put("values", e.getKey());
                    out.object(object);
                });
    }

    private static String shown(Map<String, Object> values) {
        return values.entrySet().stream()
                .map(e -> e.getKey().equals("total calls")
                        ? e.getKey()
                        : e.getKey() + " = " + (e.getValue() instanceof String s ? Output.printable(s) : e.getValue()))
                .collect(Collectors.joining(", "));
    }
}
