package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.MapLayouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A hash, LRU hash, LPM trie, or one of the per-CPU kinds. Kernel floor: 3.19 for hashes, 4.6 per-CPU, 4.10 LRU, 4.11 LPM.
 *
 * @param <K> the key type
 * @param <V> the value type; a list with one value for each possible CPU in a per-CPU table
 */
public final class BpfHash<K, V> extends BpfTable<K, V> {
    private static final Set<Integer> PLAIN = Set.of(1, 9, 11);
    private static final Set<Integer> PER_CPU = Set.of(5, 10);

    private BpfHash(KernelMap map, Codec<K> keys, Codec<V> values, boolean batches) {
        super(map, keys, values, batches);
    }

    /**
     * Whether a map type is one of these.
     *
     * @param type {@code BPF_MAP_TYPE_}
     * @return true for hash, LRU hash and LPM trie
     */
    public static boolean fits(int type) {
        return PLAIN.contains(type);
    }

    /**
     * Whether a map type is one of these, per-CPU.
     *
     * @param type {@code BPF_MAP_TYPE_}
     * @return true for per-CPU hash and LRU per-CPU hash
     */
    public static boolean fitsPerCpu(int type) {
        return PER_CPU.contains(type);
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
        return new BpfHash<>(map, keys(map, btf, key), values(map, btf, value), true);
    }

    /** The same without batch calls, as on kernels before 5.6. */
    static <K, V> BpfHash<K, V> oneByOne(KernelMap map, Btf btf, Class<K> key, Class<V> value) {
        return new BpfHash<>(map, keys(map, btf, key), values(map, btf, value), false);
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
        return new BpfHash<>(map, keys(map, btf, key), PerCpuCodec.of(values(map, btf, value)), true);
    }

    private static <K> Codec<K> keys(KernelMap map, Btf btf, Class<K> key) {
        return Codecs.bind(key, MapLayouts.key(map.spec(), btf), "key of \"" + map.name() + '"');
    }

    private static <V> Codec<V> values(KernelMap map, Btf btf, Class<V> value) {
        return Codecs.bind(value, MapLayouts.value(map.spec(), btf), "value of \"" + map.name() + '"');
    }

    @SuppressWarnings("unchecked")
    @Override
    public V remove(Object key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(values.size(), 8);
            return map.lookupAndDelete(key(arena, (K) key), value) ? values.read(value, 0) : null;
        }
    }

    /**
     * Sets a key's value if there is none, in one step.
     *
     * @param key the key
     * @param value the value
     * @return null if it was set, else the value there is
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
     * Sets many keys' values, many with each system call.
     *
     * @param entries what to set
     * @throws io.github.bcc4j.BpfException if the table is full; some are set then
     */
    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        int size = entries.size();
        if (size == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment keyRow = arena.allocate(keys.size() * size, 8);
            MemorySegment valueRow = arena.allocate(values.size() * size, 8);
            int i = 0;
            for (Map.Entry<? extends K, ? extends V> e : entries.entrySet()) {
                keys.write(keyRow, i * keys.size(), e.getKey());
                values.write(valueRow, i++ * values.size(), e.getValue());
            }
            MemorySegment count = arena.allocate(JAVA_INT);
            count.set(JAVA_INT, 0, size);
            int result = map.raw(fd -> BpfMaps.updateBatch(fd, keyRow, valueRow, count));
            if (BatchReader.isUnsupported(result)) {
                entries.forEach(this::set);
            } else if (result < 0) {
                throw map.failure("set " + size + " keys of", -result);
            }
        }
    }

    /** Deletes every entry, many with each system call. Entries that programs add meanwhile may stay. */
    @Override
    public void clear() {
        BatchReader reader = reader(false);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            boolean batches = true;
            for (int n; (n = reader.next()) > 0; ) {
                for (int done = 0; batches && done < n; ) {
                    count.set(JAVA_INT, 0, n - done);
                    MemorySegment rest = reader.keys().asSlice(done * keys.size());
                    int result = map.raw(fd -> BpfMaps.deleteBatch(fd, rest, count));
                    batches = !BatchReader.isUnsupported(result);
                    // A key that is gone already ends the batch: go on behind it.
                    done += batches ? count.get(JAVA_INT, 0) + (result == -Errno.ENOENT ? 1 : 0) : 0;
                    if (batches && result < 0 && result != -Errno.ENOENT) {
                        throw map.failure("delete keys of", -result);
                    }
                }
                for (int i = 0; !batches && i < n; i++) {
                    map.delete(reader.keys().asSlice(i * keys.size(), keys.size()));
                }
            }
        }
    }

    /**
     * Reads and deletes every entry: each is counted once, either here or in the next call.
     *
     * @return what was there
     */
    public Snapshot<K, V> drain() {
        return read(reader(true));
    }
}
