package io.github.bcc4j.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rounds of a workload gave.
 *
 * @param workload which
 * @param size how much was done in a round
 * @param rounds what each contestant measured and saw, round by round
 */
record Result(Workload workload, int size, List<Map<Contestant, Sample>> rounds) {
    /**
     * The ratio of two contestants, from their ratios in each round.
     *
     * @param median the middle one
     * @param min the smallest
     * @param max the greatest
     */
    record Ratio(double median, double min, double max) {}

    Ratio ratio(Bar bar) {
        double[] sorted = rounds.stream()
                .mapToDouble(r -> (double) value(r, bar.ours(), bar) / value(r, bar.theirs(), bar))
                .sorted()
                .toArray();
        return new Ratio(median(sorted), sorted[0], sorted[sorted.length - 1]);
    }

    /** Who has lost how many events of all, if anybody has: its time is that of an easier task. */
    Map<Contestant, Long> losses() {
        Map<Contestant, Long> losses = new LinkedHashMap<>();
        rounds.forEach(round -> round.forEach((who, sample) -> {
            long lost = sample.checks().getOrDefault("lost", 0L);
            if (lost > 0) {
                losses.merge(who, lost, Long::sum);
            }
        }));
        return losses;
    }

    boolean meets(Bar bar) {
        return ratio(bar).median() <= bar.limit() && !losses().containsKey(bar.ours());
    }

    /** The median of what a contestant measured, for one of the things done in a round. */
    double each(Contestant who, Bar bar) {
        return median(rounds.stream()
                        .mapToDouble(r -> value(r, who, bar))
                        .sorted()
                        .toArray())
                / size;
    }

    private static long value(Map<Contestant, Sample> round, Contestant who, Bar bar) {
        Long value = round.get(who).metrics().get(bar.metric());
        if (value == null) {
            throw new IllegalStateException(who + " has not measured " + bar.metric());
        }
        return value;
    }

    private static double median(double[] sorted) {
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
