package io.github.bcc4j.table;

import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.MapLayouts;
import java.lang.foreign.Arena;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * A hash, LRU hash, LPM trie, or one of the per-CPU kinds. Kernel floor: 3.19 for hashes, 4.6 per-CPU, 4.10 LRU, 4.11 LPM.
 *
 * @param <K> the key type
 * @param <V> the value type; a list with one value for each possible CPU in a per-CPU table
 */
public final class BpfHash<K, V> extends BpfTable<K, V> {
    /** Devmaps and cpumaps, which are arrays with holes: the next key need not be there. */
    private static final Set<Integer> WITH_HOLES = Set.of(14, 16);

    private BpfHash(KernelMap map, Codec<K> keys, Codec<V> values) {
        super(map, keys, values);
    }

    /**
     * A typed view of a map.
     *
     * @param map the map
     * @param btf the program's types
     * @param key the key's Java type
     * @param value the value's Java type
     * @param <K> the key type
     * @param <V> the value type
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if a Java type does not fit
     */
    public static <K, V> BpfHash<K, V> of(KernelMap map, Btf btf, Class<K> key, Class<V> value) {
        return new BpfHash<>(map, keys(map, btf, key), values(map, btf, value));
    }

    /**
     * A typed view of a per-CPU map.
     *
     * @param map the map
     * @param btf the program's types
     * @param key the key's Java type
     * @param value the Java type of one CPU's value
     * @param <K> the key type
     * @param <V> the type of one CPU's value
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if a Java type does not fit
     */
    public static <K, V> BpfHash<K, List<V>> perCpu(KernelMap map, Btf btf, Class<K> key, Class<V> value) {
        return new BpfHash<>(map, keys(map, btf, key), PerCpuCodec.of(values(map, btf, value)));
    }

    private static <K> Codec<K> keys(KernelMap map, Btf btf, Class<K> key) {
        return Codecs.bind(key, MapLayouts.key(map.spec(), btf), "key of \"" + map.name() + '"');
    }

    private static <V> Codec<V> values(KernelMap map, Btf btf, Class<V> value) {
        return Codecs.bind(value, MapLayouts.value(map.spec(), btf), "value of \"" + map.name() + '"');
    }

    @Override
    public boolean isEmpty() {
        return WITH_HOLES.contains(map.spec().type()) ? !entries().hasNext() : super.isEmpty();
    }

    @Override
    public V remove(Object key) {
        try (Scratch scratch = Scratch.take(map)) {
            writeKey(scratch, key);
            return map.lookupAndDelete(scratch.key(), scratch.value()) ? values.read(scratch.value(), 0) : null;
        }
    }

    /**
     * Deletes a key without asking for its value.
     *
     * @param key the key
     * @return whether it was there
     */
    public boolean delete(K key) {
        try (Scratch scratch = Scratch.take(map)) {
            writeKey(scratch, key);
            return map.delete(scratch.key());
        }
    }

    /**
     * Sets a key's value if there is none, in one step.
     *
     * @param key the key
     * @param value the value
     * @return null if it was set, else the value there is
     * @throws io.github.bcc4j.BpfSyscallException if the table is full
     */
    @Override
    public V putIfAbsent(K key, V value) {
        while (!set(key, value, 1)) {
            V there = get(key);
            if (there != null) {
                return there;
            } // deleted in between: once more
        }
        return null;
    }

    /**
     * Sets a key's value if there is one.
     *
     * @param key the key
     * @param value the value
     * @return the value before, null if there was none and so nothing was set
     */
    @Override
    public V replace(K key, V value) {
        V before = get(key);
        return before != null && set(key, value, 2) ? before : null;
    }

    /**
     * Deletes keys, many with each system call.
     *
     * @param gone the keys
     * @return how many of them were there
     */
    public long deleteAll(Collection<? extends K> gone) {
        return BatchDeleter.delete(map, keys, gone);
    }

    /** Deletes every entry, many with each system call. Entries that programs add meanwhile may stay. */
    @Override
    public void clear() {
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, true, arena);
            while (reader.next() > 0) {}
        }
    }

    /**
     * Reads and deletes every entry. Where the kernel can do so in one step (hashes since Linux 5.6) each count of a program is in
     * one drain only.
     *
     * @return what was there; entries that programs add meanwhile may stay
     */
    public Snapshot<K, V> drain() {
        return read(true);
    }

    /**
     * Reads and deletes every entry, many with each system call, as {@link #drain()} does, but keeps none.
     *
     * @param action takes keys and values; if it throws, it still gets what was deleted in the same system call, up to some thousand
     *     entries, and then what it threw first reaches the caller
     * @return whether these were all: false if it ended as programs added entries as fast as it read
     */
    public boolean drain(BiConsumer<? super K, ? super V> action) {
        Objects.requireNonNull(action, "action");
        return drainRaw((k, keyAt, v, valueAt) -> action.accept(keys.read(k, keyAt), values.read(v, valueAt)));
    }

    /**
     * The same of a table of numbers, without any object for any entry.
     *
     * @param action takes keys and values, widened by their own signs; what it throws as in {@link #drain(BiConsumer)}
     * @return whether these were all
     * @throws IllegalArgumentException if keys or values are no integers, enums or pointers of at most 8 bytes, or one for each CPU
     */
    public boolean drainLong(LongEntryConsumer action) {
        return drainRaw(longs(action));
    }

    /**
     * The same as the kernel gives them.
     *
     * @param action takes keys and values of {@link #keyLayout} and {@link #valueLayout}; what it throws as in {@link
     *     #drain(BiConsumer)}
     * @return whether these were all
     */
    public boolean drainRaw(RawEntryConsumer action) {
        return goThrough(true, action);
    }
}
