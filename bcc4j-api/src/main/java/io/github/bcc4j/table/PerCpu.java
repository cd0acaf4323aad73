package io.github.bcc4j.table;

import java.util.List;
import java.util.Optional;

/**
 * What the values of all CPUs come to. Values are taken with their Java sign: bind {@code Long} for a {@code u32} that may be large.
 */
public final class PerCpu {
    private PerCpu() {}

    /**
     * The sum.
     *
     * @param values one for each CPU
     * @return their sum, 0 for none; it wraps as a {@code u64} does
     */
    public static long sum(List<? extends Number> values) {
        return values.stream().mapToLong(Number::longValue).sum();
    }

    /**
     * The largest.
     *
     * @param values one for each CPU, at least one
     * @return the largest
     * @throws java.util.NoSuchElementException if there is none
     */
    public static long max(List<? extends Number> values) {
        return values.stream().mapToLong(Number::longValue).max().orElseThrow();
    }

    /**
     * The mean over all possible CPUs, those that had nothing to count included.
     *
     * @param values one for each CPU
     * @return the mean, 0 for none
     */
    public static double average(List<? extends Number> values) {
        return values.stream().mapToLong(Number::longValue).average().orElse(0);
    }

    /**
     * One that is not zero, as when a value is set on one CPU only.
     *
     * @param values one for each CPU
     * @param <N> their type
     * @return the first that is not zero, empty if all are
     */
    public static <N extends Number> Optional<N> any(List<N> values) {
        return values.stream().filter(v -> v.doubleValue() != 0).findFirst();
    }
}
