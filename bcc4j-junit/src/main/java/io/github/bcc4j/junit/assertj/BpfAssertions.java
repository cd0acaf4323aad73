package io.github.bcc4j.junit.assertj;

import io.github.bcc4j.junit.Recording;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfTable;

/**
 * Where assertions on kernel data begin; import it statically beside AssertJ's own {@code Assertions}.
 *
 * {@snippet :
 * assertThat(execs).within(ofSeconds(2)).extracting(Exec::comm).containsExactly("sh", "true");
 * assertThat(counts).within(ofSeconds(2)).containsEntry(pid, 100L);
 * assertThat(sizes).hasTotal(100).hasCount(12, 100);
 * }
 */
public final class BpfAssertions {
    private BpfAssertions() {}

    /**
     * On collected events.
     *
     * @param actual the recording
     * @param <E> the event type
     * @return assertions
     */
    public static <E> RecordingAssert<E> assertThat(Recording<E> actual) {
        return RecordingAssert.of(actual);
    }

    /**
     * On a table.
     *
     * @param actual the table, which each assertion reads anew
     * @param <K> the key type
     * @param <V> the value type
     * @return assertions
     */
    public static <K, V> TableAssert<K, V> assertThat(BpfTable<K, V> actual) {
        return new TableAssert<>(actual);
    }

    /**
     * On a histogram with plain slots.
     *
     * @param actual the histogram, which each assertion reads anew
     * @return assertions
     */
    public static HistogramAssert assertThat(BpfHistogram<Void> actual) {
        return HistogramAssert.of(actual);
    }

    /**
     * On one key's part of a histogram.
     *
     * @param actual the histogram, which each assertion reads anew
     * @param key whose
     * @param <K> the key type
     * @return assertions
     */
    public static <K> HistogramAssert assertThat(BpfHistogram<K> actual, K key) {
        return HistogramAssert.of(actual, key);
    }
}
