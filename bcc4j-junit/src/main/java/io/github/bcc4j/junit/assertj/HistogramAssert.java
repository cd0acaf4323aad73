package io.github.bcc4j.junit.assertj;

import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.text.Histogram;
import java.util.Arrays;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/**
 * Assertions on a histogram's counts by slot, which each look reads anew. Failures show the counts, and the histogram drawn. With
 * {@code bpf_log2l} slot n counts the values from 2^(n-1) to 2^n - 1.
 */
public final class HistogramAssert extends EventualAssert<HistogramAssert, BpfHistogram<?>, long[]> {
    private final String what;
    private final Supplier<long[]> slots;

    private HistogramAssert(BpfHistogram<?> actual, String what, Supplier<long[]> slots) {
        super(actual, HistogramAssert.class);
        this.what = what;
        this.slots = slots;
    }

    static HistogramAssert of(BpfHistogram<Void> actual) {
        return new HistogramAssert(actual, "histogram", () -> actual.slots());
    }

    static <K> HistogramAssert of(BpfHistogram<K> actual, K key) {
        return new HistogramAssert(
                actual, "histogram of " + key, () -> actual.slotsByKey().getOrDefault(key, new long[0]));
    }

    @Override
    long[] look() {
        return slots.get();
    }

    private String drawn(long[] seen) {
        String drawn = Histogram.log2(seen, "value");
        return about(what + " " + Arrays.toString(seen)) + (drawn.isEmpty() ? "" : System.lineSeparator() + drawn);
    }

    /**
     * The counts are these.
     *
     * @param counts by slot, up to the last that is not zero
     * @return this
     */
    public HistogramAssert hasSlots(long... counts) {
        return eventually(seen -> Assertions.assertThat(seen).as(drawn(seen)).containsExactly(counts));
    }

    /**
     * A slot has counted so much.
     *
     * @param slot which, from 0
     * @param count how much
     * @return this
     */
    public HistogramAssert hasCount(int slot, long count) {
        return eventually(seen -> Assertions.assertThat(slot < seen.length ? seen[slot] : 0)
                .as(drawn(seen) + "slot " + slot)
                .isEqualTo(count));
    }

    /**
     * All slots together have counted so much.
     *
     * @param count how much
     * @return this
     */
    public HistogramAssert hasTotal(long count) {
        return eventually(seen -> Assertions.assertThat(Arrays.stream(seen).sum())
                .as(drawn(seen) + "total")
                .isEqualTo(count));
    }

    /**
     * All slots together have counted so much or more.
     *
     * @param count how much at least
     * @return this
     */
    public HistogramAssert hasTotalOfAtLeast(long count) {
        return eventually(seen -> Assertions.assertThat(Arrays.stream(seen).sum())
                .as(drawn(seen) + "total")
                .isGreaterThanOrEqualTo(count));
    }

    /**
     * No count is outside of some slots.
     *
     * @param first the first slot that may have counted
     * @param last the last that may
     * @return this
     */
    public HistogramAssert countsOnlyIn(int first, int last) {
        return eventually(seen -> {
            for (int slot = 0; slot < seen.length; slot++) {
                Assertions.assertThat(slot >= first && slot <= last ? 0 : seen[slot])
                        .as(drawn(seen) + "slot " + slot)
                        .isZero();
            }
        });
    }
}
