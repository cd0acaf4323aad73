package io.github.bcc4j.junit.assertj;

import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.table.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.MapAssert;

/**
 * Assertions on a table, which each look reads anew and whole. Failures show what was there.
 *
 * @param <K> the key type
 * @param <V> the value type
 */
public final class TableAssert<K, V> extends EventualAssert<TableAssert<K, V>, BpfTable<K, V>, Snapshot<K, V>> {
    TableAssert(BpfTable<K, V> actual) {
        super(actual, TableAssert.class);
    }

    @Override
    Snapshot<K, V> look() {
        return actual.snapshot();
    }

    private TableAssert<K, V> check(Consumer<MapAssert<K, V>> check) {
        return eventually(
                seen -> check.accept(
                        Assertions.assertThat(seen.entries())
                                .as(
                                        about(
                                                "table \"" + actual.name() + '"'
                                                        + (seen.complete()
                                                                ? ""
                                                                : ", not all of it: it changed meanwhile, or has keys that differ only in what their Java type leaves out, as padding")))));
    }

    /**
     * There is this entry.
     *
     * @param key its key
     * @param value its value
     * @return this
     */
    public TableAssert<K, V> containsEntry(K key, V value) {
        return check(a -> a.containsEntry(key, value));
    }

    /**
     * There are these entries and no others.
     *
     * @param entries those, as {@link Map#entry}
     * @return this
     */
    @SafeVarargs
    public final TableAssert<K, V> containsOnly(Map.Entry<? extends K, ? extends V>... entries) {
        Map<K, V> expected = new LinkedHashMap<>();
        for (Map.Entry<? extends K, ? extends V> entry : entries) {
            expected.put(entry.getKey(), entry.getValue());
        }
        return check(a -> a.containsExactlyInAnyOrderEntriesOf(expected));
    }

    /**
     * There is an entry with this key.
     *
     * @param key the key
     * @return this
     */
    public TableAssert<K, V> containsKey(K key) {
        return check(a -> a.containsKey(key));
    }

    /**
     * There is no entry with this key.
     *
     * @param key the key
     * @return this
     */
    public TableAssert<K, V> doesNotContainKey(K key) {
        return check(a -> a.doesNotContainKey(key));
    }

    /**
     * The value of this key fits other assertions.
     *
     * @param key the key
     * @param assertions are given the value each time it is read
     * @return this
     */
    public TableAssert<K, V> hasValueSatisfying(K key, Consumer<? super V> assertions) {
        return check(a -> a.hasEntrySatisfying(key, assertions));
    }

    /**
     * There are so many entries.
     *
     * @param size how many
     * @return this
     */
    public TableAssert<K, V> hasSize(int size) {
        return check(a -> a.hasSize(size));
    }

    /**
     * There is no entry.
     *
     * @return this
     */
    public TableAssert<K, V> isEmpty() {
        return check(MapAssert::isEmpty);
    }

    /**
     * The entries fit any other assertions.
     *
     * @param assertions are given the entries each time they are read
     * @return this
     */
    public TableAssert<K, V> entriesSatisfy(Consumer<? super Map<K, V>> assertions) {
        return eventually(seen -> assertions.accept(seen.entries()));
    }
}
