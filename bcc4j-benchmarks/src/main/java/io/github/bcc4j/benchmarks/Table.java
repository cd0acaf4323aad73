package io.github.bcc4j.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Results as text for people and as JSON. */
final class Table {
    private static final String ROW = "%-10s %-7s %-15s %-12s %11s %11s  %9s  %-21s  %9s  %s%n";

    private Table() {}

    static String header() {
        return row("WORKLOAD", "METRIC", "OURS", "THEIRS", "OURS", "THEIRS", "RATIO", "(MIN TO MAX)", "BAR", "MET");
    }

    /** A line for each bar. */
    static String rows(Result result) {
        StringBuilder out = new StringBuilder();
        for (Bar bar : result.workload().bars()) {
            Result.Ratio ratio = result.ratio(bar);
            out.append(row(
                    result.workload().name(),
                    bar.metric(),
                    bar.ours(),
                    bar.theirs(),
                    value(result.each(bar.ours(), bar), bar.metric()),
                    value(result.each(bar.theirs(), bar), bar.metric()),
                    number(ratio.median()),
                    "(" + number(ratio.min()) + " to " + number(ratio.max()) + ")",
                    bar.isSet() ? "<= " + number(bar.limit()) : "-",
                    !bar.isSet() ? "-" : result.meets(bar) ? "yes" : "NO"));
        }
        result.losses().forEach((who, lost) -> out.append(String.format("%-10s %s lost %d events%n", "", who, lost)));
        return out.toString();
    }

    private static String row(Object... columns) {
        return String.format(Locale.ROOT, ROW, columns);
    }

    /** Three digits that count, whatever the size. */
    static String number(double ratio) {
        return ratio >= 0.1 ? String.format(Locale.ROOT, "%.2f", ratio) : String.format(Locale.ROOT, "%.5f", ratio);
    }

    static String value(double value, String metric) {
        if (metric.equals("rss")) {
            return String.format(Locale.ROOT, "%.1f MB", value / 1e6);
        }
        return value < 1e4
                ? String.format(Locale.ROOT, "%.2f ns", value)
                : value < 1e6
                        ? String.format(Locale.ROOT, "%.1f us", value / 1e3)
                        : String.format(Locale.ROOT, "%.1f ms", value / 1e6);
    }

    /** An array of bars with every round's ratio, and of what was measured. */
    static String json(List<Result> results) {
        List<String> rows = new ArrayList<>();
        for (Result result : results) {
            for (Bar bar : result.workload().bars()) {
                Result.Ratio ratio = result.ratio(bar);
                rows.add(String.format(
                        Locale.ROOT,
                        "{\"workload\": \"%s\", \"title\": \"%s\", \"size\": %d, \"rounds\": %d, \"metric\": \"%s\","
                                + " \"ours\": \"%s\", \"theirs\": \"%s\", \"oursEach\": %s, \"theirsEach\": %s,"
                                + " \"median\": %s, \"min\": %s, \"max\": %s, \"bar\": %s, \"met\": %s}",
                        result.workload().name(),
                        result.workload().title(),
                        result.size(),
                        result.rounds().size(),
                        bar.metric(),
                        bar.ours(),
                        bar.theirs(),
                        result.each(bar.ours(), bar),
                        result.each(bar.theirs(), bar),
                        ratio.median(),
                        ratio.min(),
                        ratio.max(),
                        bar.isSet() ? bar.limit() : null,
                        bar.isSet() ? result.meets(bar) : null));
            }
        }
        return rows.stream().collect(Collectors.joining(",\n ", "[", "]"));
    }
}
