package io.github.bcc4j.table;

import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.LongReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A BPF map as a {@link Map}: a live view, every call of which goes to the kernel. Going through it reads many entries with each
 * system call. Size is found by going through it; streams do not ask for it.
 *
 * <p>Thread-safe, as far as the kernel is: single lookups, updates and deletions are atomic; what takes several ({@link #put} and
 * {@link #replace}, which give the value before, {@link #merge} and its like) is not, and programs write at the same time. An
 * iteration ends even if they never pause; iterators are for one thread. After its owner is closed every call is an {@link
 * IllegalStateException} that names the table.
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

    BpfTable(KernelMap map, Codec<K> keys, Codec<V> values) {
        this.map = map;
        this.keys = keys;
        this.values = values;
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
     * A map type in a sentence.
     *
     * @param type {@code BPF_MAP_TYPE_}
     * @return {@code a hash}, {@code an array}
     */
    public static String withArticle(int type) {
        String name = typeName(type);
        return (name.matches("[aiLx].*|sk .*") ? "an " : "a ") + name; // as they are spoken
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

    @SuppressWarnings("unchecked")
    final void writeKey(Scratch scratch, Object key) {
        keys.write(scratch.key(), 0, (K) key);
    }

    @Override
    public V get(Object key) {
        try (Scratch scratch = Scratch.take(map)) {
            writeKey(scratch, key);
            return map.lookup(scratch.key(), scratch.value()) ? values.read(scratch.value(), 0) : null;
        }
    }

    @Override
    public boolean containsKey(Object key) {
        try (Scratch scratch = Scratch.take(map)) {
            writeKey(scratch, key);
            return map.lookup(scratch.key(), scratch.value());
        }
    }

    /**
     * Sets a key's value.
     *
     * @param key the key
     * @param value the value
     * @return the value before, null if there was none
     * @throws io.github.bcc4j.BpfSyscallException if the table is full
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
     * @throws io.github.bcc4j.BpfSyscallException if the table is full
     */
    public void set(K key, V value) {
        set(key, value, 0);
    }

    final boolean set(K key, V value, long flags) {
        try (Scratch scratch = Scratch.take(map)) {
            writeKey(scratch, key);
            values.write(scratch.value(), 0, value);
            return map.update(scratch.key(), scratch.value(), flags);
        }
    }

    /**
     * Sets many keys' values, many with each system call.
     *
     * @param entries what to set
     * @throws io.github.bcc4j.BpfSyscallException if the table is full; how many are set by then is in the message
     */
    @Override
    public void putAll(Map<? extends K, ? extends V> entries) {
        try (BatchWriter writer = new BatchWriter(map)) {
            entries.forEach((key, value) -> writer.add((k, keyAt, v, valueAt) -> {
                keys.write(k, keyAt, key);
                values.write(v, valueAt, value);
            }));
            writer.flush();
        }
    }

    /**
     * Sets every value to zero, many with each system call; the keys stay. An entry that a program deletes meanwhile may come back.
     */
    public void zero() {
        try (Arena arena = Arena.ofConfined();
                BatchWriter writer = new BatchWriter(map)) {
            BatchReader reader = new BatchReader(map, false, arena);
            for (int n; (n = reader.next()) > 0; ) {
                for (int i = 0; i < n; i++) {
                    long from = i * keys.size();
                    writer.add(
                            (k, keyAt, v, valueAt) -> MemorySegment.copy(reader.keys(), from, k, keyAt, keys.size()));
                }
                writer.flush();
            }
        }
    }

    /**
     * The same keys with something made of their values: {@code perCpu.reduced(PerCpu::sum)}.
     *
     * @param change makes a value of a value
     * @param <R> the type of the new values
     * @return a live view that can't be written to
     */
    public <R> Map<K, R> reduced(Function<? super V, ? extends R> change) {
        return new TableViews.Reduced<>(this, change);
    }

    /**
     * Reads the whole table.
     *
     * @return its entries, and whether these are all
     */
    public Snapshot<K, V> snapshot() {
        return read(false);
    }

    final Snapshot<K, V> read(boolean deleting) {
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, deleting, arena);
            Map<K, V> entries = new LinkedHashMap<>();
            long read = 0;
            for (int n; (n = reader.next()) > 0; read += n) {
                for (int i = 0; i < n; i++) {
                    entries.put(
                            keys.read(reader.keys(), i * keys.size()), values.read(reader.values(), i * values.size()));
                }
            }
            return new Snapshot<>(entries, reader.isComplete() && read == entries.size());
        }
    }

    /**
     * Goes through the table, many entries with each system call, without an entry object for each.
     *
     * @param action takes keys and values; what it throws ends it
     */
    @Override
    public void forEach(BiConsumer<? super K, ? super V> action) {
        Objects.requireNonNull(action, "action");
        forEachRaw((k, keyAt, v, valueAt) -> action.accept(keys.read(k, keyAt), values.read(v, valueAt)));
    }

    /**
     * Goes through a table of numbers, many entries with each system call, without any object for any of them.
     *
     * @param action takes keys and values, widened by their own signs; what it throws ends it
     * @return whether these were all: false if it ended as programs added entries as fast as it read
     * @throws IllegalArgumentException if keys or values are no integers, enums or pointers of at most 8 bytes, or one for each CPU
     */
    public boolean forEachLong(LongEntryConsumer action) {
        return forEachRaw(longs(action));
    }

    /** The same with a consumer of bytes; refuses a table that is not one of numbers. */
    final RawEntryConsumer longs(LongEntryConsumer action) {
        Objects.requireNonNull(action, "action");
        LongReader key = LongReader.of(keys.layout(), "the keys of " + map.name());
        LongReader value = LongReader.of(values.layout(), "the values of " + map.name());
        if (values.size() != values.layout().size()) {
            throw new IllegalArgumentException(
                    "the values of " + map.name() + " are lists of one for each CPU: reduce them, or use forEachRaw");
        }
        return (k, keyAt, v, valueAt) -> action.accept(key.read(k, keyAt), value.read(v, valueAt));
    }

    /**
     * Goes through the table as the kernel gives it, many entries with each system call.
     *
     * @param action takes keys and values of {@link #keyLayout} and {@link #valueLayout}; what it throws ends it
     * @return whether these were all: false if it ended as programs added entries as fast as it read
     */
    public boolean forEachRaw(RawEntryConsumer action) {
        return goThrough(false, action);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T asItIs(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** What a drain has taken is handed over whatever the action throws: it is nowhere else any more. */
    final boolean goThrough(boolean deleting, RawEntryConsumer action) {
        Objects.requireNonNull(action, "action");
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, deleting, arena);
            long keySize = keys.size();
            long valueSize = values.size();
            for (int n; (n = reader.next()) > 0; ) {
                MemorySegment k = reader.keys();
                MemorySegment v = reader.values();
                Throwable thrown = null;
                for (int i = 0; i < n; i++) {
                    try {
                        action.accept(k, i * keySize, v, i * valueSize);
                    } catch (Throwable e) {
                        if (!deleting) {
                            throw e;
                        }
                        thrown = thrown == null ? e : thrown;
                    }
                }
                if (thrown != null) {
                    throw BpfTable.<RuntimeException>asItIs(thrown);
                }
            }
            return reader.isComplete();
        }
    }

    /**
     * The C type of the keys.
     *
     * @return its layout
     */
    public Layout keyLayout() {
        return keys.layout();
    }

    /**
     * The C type of the values; of a per-CPU table that of one CPU's, of which there is one for each possible CPU, 8-byte aligned.
     *
     * @return its layout
     */
    public Layout valueLayout() {
        return values.layout();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new TableViews.Entries<>(this);
    }

    @Override
    public Set<K> keySet() {
        return new TableViews.Keys<>(this);
    }

    @Override
    public Collection<V> values() {
        return new TableViews.Values<>(this);
    }

    @Override
    public int size() {
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, false, arena);
            int size = 0;
            for (int n; (n = reader.next()) > 0; ) {
                size += n;
            }
            return size;
        }
    }

    @Override
    public boolean isEmpty() {
        try (Scratch scratch = Scratch.take(map)) {
            return !map.nextKey(MemorySegment.NULL, scratch.key());
        }
    }

    /** Deletes an entry by the bytes of its key, which begin somewhere in these. */
    void delete(byte[] bytes, int keyAt) {
        try (Scratch scratch = Scratch.take(map)) {
            MemorySegment.copy(bytes, keyAt, scratch.key(), ValueLayout.JAVA_BYTE, 0, (int) keys.size());
            map.delete(scratch.key());
        }
    }

    private void set(byte[] bytes, int keyAt, V value) {
        try (Scratch scratch = Scratch.take(map)) {
            MemorySegment.copy(bytes, keyAt, scratch.key(), ValueLayout.JAVA_BYTE, 0, (int) keys.size());
            values.write(scratch.value(), 0, value);
            map.update(scratch.key(), scratch.value(), 0);
        }
    }

    final Iterator<Entry<K, V>> entries() {
        return new EntryIterator();
    }

    /**
     * Entries as they are read, a stretch at a time. Setting an entry's value, or removing it, is done by the very bytes of its key:
     * what Java shows of them may be less.
     */
    private final class EntryIterator implements Iterator<Entry<K, V>> {
        private final BatchReader reader = new BatchReader(map, false, Arena.ofAuto());
        private byte[] batch; // its keys, which entries refer to: the reader's are overwritten
        private int size;
        private int at;
        private int last = -1;

        EntryIterator() {
            read();
        }

        private void read() {
            size = reader.next();
            at = 0;
        }

        @Override
        public boolean hasNext() {
            if (at == size && size > 0) {
                read();
            }
            return at < size;
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            if (at == 0) {
                batch = reader.keys().asSlice(0, size * keys.size()).toArray(ValueLayout.JAVA_BYTE);
            }
            byte[] bytes = batch;
            int keyAt = (int) (at * keys.size());
            last = keyAt;
            K key = keys.read(reader.keys(), keyAt);
            V value = values.read(reader.values(), at++ * values.size());
            return new SimpleEntry<>(key, value) {
                private static final long serialVersionUID = 1;

                @Override
                public V setValue(V changed) {
                    set(bytes, keyAt, changed);
                    return super.setValue(changed);
                }
            };
        }

        @Override
        public void remove() {
            if (last < 0) {
                throw new IllegalStateException("no entry to remove: next() comes first");
            }
            delete(batch, last);
            last = -1;
        }
    }
}
