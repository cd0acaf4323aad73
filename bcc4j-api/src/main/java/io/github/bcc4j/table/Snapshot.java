package io.github.bcc4j.table;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The entries of a table as they were read.
 *
 * @param entries by key, in the kernel's order
 * @param complete whether the kernel said that these are all; entries that others added or deleted meanwhile may be missing or left in
 *     even so
 * @param <K> the key type
 * @param <V> the value type
 */
public record Snapshot<K, V>(Map<K, V> entries, boolean complete) {
    /** Lets nobody write to the entries. */
    public Snapshot {
        entries = Collections.unmodifiableMap(Objects.requireNonNull(entries, "entries"));
    }

    /**
     * The same keys with other values: {@code table.snapshot().map(PerCpu::sum)}.
     *
     * @param change makes a value of a value
     * @param <R> the type of the new values
     * @return a new snapshot
     */
    public <R> Snapshot<K, R> map(Function<? super V, ? extends R> change) {
        Map<K, R> changed = new LinkedHashMap<>();
        entries.forEach((key, value) -> changed.put(key, change.apply(value)));
        return new Snapshot<>(changed, complete);
    }
}
