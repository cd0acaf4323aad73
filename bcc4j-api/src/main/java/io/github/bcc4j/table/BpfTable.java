package io.github.bcc4j.table;

import io.github.bcc4j.type.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A BPF map as a {@link Map}: a live view, every call of which goes to the kernel. Going through it reads many entries with each
 * system call.
 *
 * <p>Thread-safe, as far as the kernel is: each call is atomic, sequences of calls are not, and programs write at the same time. An
 * iteration ends even if they never pause. After its owner is closed every call is an {@link IllegalStateException}.
 *
 * @param <K> the key type
 * @param <V> the value type
 */
public abstract sealed class BpfTable<K, V> extends AbstractMap<K, V> permits BpfHash, BpfArray {
    private static final List<String> TYPES = List.of(
            "unspecified",
            "hash",
            "array",
            "prog array",
            "perf event array",
            "per-CPU hash",
            "per-CPU array",
            "stack trace",
            "cgroup array",
            "LRU hash",
            "LRU per-CPU hash",
            "LPM trie",
            "array of maps",
            "hash of maps",
            "devmap",
            "sockmap",
            "cpumap",
            "xskmap",
            "sockhash",
            "cgroup storage",
            "reuseport sockarray",
            "per-CPU cgroup storage",
            "queue",
            "stack",
            "sk storage",
            "devmap hash",
            "struct ops",
            "ring buffer",
            "inode storage",
            "task storage");

    final KernelMap map;
    final Codec<K> keys;
    final Codec<V> values;
    private final boolean batches;

    BpfTable(KernelMap map, Codec<K> keys, Codec<V> values, boolean batches) {
        this.map = map;
        this.keys = keys;
        this.values = values;
        this.batches = batches;
    }

    /**
     * A map type by name.
     *
     * @param type {@code BPF_MAP_TYPE_}
     * @return in words
     */
    public static String typeName(int type) {
        return type >= 0 && type < TYPES.size() ? TYPES.get(type) : "map of type " + type;
    }

    /**
     * The table's name.
     *
     * @return as in the C text
     */
    public String name() {
        return map.name();
    }

    /**
     * How many entries it can hold.
     *
     * @return as the kernel counts, unsigned
     */
    public long maxEntries() {
        return Integer.toUnsignedLong(map.spec().maxEntries());
    }

    final MemorySegment key(Arena arena, K key) {
        MemorySegment memory = arena.allocate(keys.size(), 8);
        keys.write(memory, 0, key);
        return memory;
    }

    final MemorySegment value(Arena arena, V value) {
        MemorySegment memory = arena.allocate(values.size(), 8);
        values.write(memory, 0, value);
        return memory;
    }

    @SuppressWarnings("unchecked")
    @Override
    public V get(Object key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(values.size(), 8);
            return map.lookup(key(arena, (K) key), value) ? values.read(value, 0) : null;
        }
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    /**
     * Sets a key's value.
     *
     * @param key the key
     * @param value the value
     * @return the value before, null if there was none
     */
    @Override
    public V put(K key, V value) {
        V before = get(key);
        set(key, value, 0);
        return before;
    }

    /**
     * Sets a key's value without asking for the one before.
     *
     * @param key the key
     * @param value the value
     */
    public void set(K key, V value) {
        set(key, value, 0);
    }

    final boolean set(K key, V value, long flags) {
        try (Arena arena = Arena.ofConfined()) {
            return map.update(key(arena, key), value(arena, value), flags);
        }
    }

    final BatchReader reader(boolean deleting) {
        return new BatchReader(map, values.size(), deleting, batches);
    }

    /**
     * Reads the whole table.
     *
     * @return its entries, and whether these are all
     */
    public Snapshot<K, V> snapshot() {
        return read(reader(false));
    }

    final Snapshot<K, V> read(BatchReader reader) {
        Map<K, V> entries = new LinkedHashMap<>();
        for (int n; (n = reader.next()) > 0; ) {
            for (int i = 0; i < n; i++) {
                entries.put(keys.read(reader.keys(), i * keys.size()), values.read(reader.values(), i * values.size()));
            }
        }
        return new Snapshot<>(entries, reader.isComplete());
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new EntryIterator();
            }

            @Override
            public int size() {
                return count();
            }

            @Override
            public void clear() {
                BpfTable.this.clear();
            }
        };
    }

    @Override
    public int size() {
        return count();
    }

    @Override
    public boolean isEmpty() {
        return reader(false).next() == 0;
    }

    /** How many entries there are, by going through them. */
    int count() {
        BatchReader reader = reader(false);
        int count = 0;
        for (int n; (n = reader.next()) > 0; ) {
            count += n;
        }
        return count;
    }

    /** Entries as they are read, a stretch at a time; setting an entry's value sets the table's. */
    private final class EntryIterator implements Iterator<Entry<K, V>> {
        private final BatchReader reader = reader(false);
        private int size = reader.next();
        private int at;
        private K last;

        @Override
        public boolean hasNext() {
            if (at == size && size > 0) {
                size = reader.next();
                at = 0;
            }
            return at < size;
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            last = keys.read(reader.keys(), at * keys.size());
            V value = values.read(reader.values(), at++ * values.size());
            return new SimpleEntry<>(last, value) {
                private static final long serialVersionUID = 1;

                @Override
                public V setValue(V changed) {
                    set(getKey(), changed, 0);
                    return super.setValue(changed);
                }
            };
        }

        @Override
        public void remove() {
            if (last == null) {
                throw new IllegalStateException();
            }
            BpfTable.this.remove(last);
            last = null;
        }
    }
}
