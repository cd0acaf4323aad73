package io.github.bcc4j;

import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.EventLayouts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The half of {@link BPF} that is data: the module's maps as tables and buffers. */
abstract sealed class BpfData permits BpfAttachments {
    final CompiledModule module;
    final Loader loader;
    private final Btf btf;
    private final Map<String, EventBuffer<?>> buffers = new ConcurrentHashMap<>();
    private boolean closed;

    BpfData(CompiledModule module) {
        this.module = module;
        this.btf = Btf.parse(module.btf());
        this.loader = new Loader(module);
    }

    /**
     * What was loaded.
     *
     * @return the compiled form
     */
    public CompiledModule module() {
        return module;
    }

    /**
     * The maps of the C text.
     *
     * @return by name, in the order they were made
     */
    public Map<String, MapSpec> maps() {
        Map<String, MapSpec> maps = new LinkedHashMap<>();
        module.maps().forEach(m -> maps.put(m.name(), m));
        return maps;
    }

    private KernelMap map(String name, Predicate<MapSpec> fits, String wanted) {
        checkOpen();
        KernelMap map = loader.maps().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the C text has no table \"" + name + "\"; it has "
                        + names(module.maps().stream().map(MapSpec::name).toList())));
        if (!fits.test(map.spec())) {
            throw new IllegalArgumentException("table \"" + name + "\" is "
                    + BpfTable.withArticle(map.spec().type()) + ", not " + wanted);
        }
        return map;
    }

    /**
     * A {@code BPF_HASH} and its relatives.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param value the value's Java type
     * @param <K> the key type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     */
    public <K, V> BpfHash<K, V> hash(String name, Class<K> key, Class<V> value) {
        return BpfHash.of(map(name, m -> BpfHash.fits(m.type()), "a hash"), btf, key, value);
    }

    /**
     * A {@code BPF_ARRAY}.
     *
     * @param name the table's name in the C text
     * @param value the value's Java type
     * @param <V> the value type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     */
    public <V> BpfArray<V> array(String name, Class<V> value) {
        return BpfArray.of(map(name, m -> BpfArray.fits(m.type()), "an array"), btf, value);
    }

    /**
     * A per-CPU hash: every value is a list with one for each possible CPU.
     *
     * @param name the table's name in the C text
     * @param key the key's Java type
     * @param value the Java type of one CPU's value
     * @param <K> the key type
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java types do not fit the C types
     */
    public <K, V> BpfHash<K, List<V>> perCpuHash(String name, Class<K> key, Class<V> value) {
        return BpfHash.perCpu(map(name, m -> BpfHash.fitsPerCpu(m.type()), "a per-CPU hash"), btf, key, value);
    }

    /**
     * A per-CPU array: every value is a list with one for each possible CPU.
     *
     * @param name the table's name in the C text
     * @param value the Java type of one CPU's value
     * @param <V> the type of one CPU's value
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     */
    public <V> BpfArray<List<V>> perCpuArray(String name, Class<V> value) {
        return BpfArray.perCpu(map(name, m -> BpfArray.fitsPerCpu(m.type()), "a per-CPU array"), btf, value);
    }

    /**
     * A table without Java types: numbers, texts, lists and maps, as {@link Codecs#natural} gives them.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     * @throws IllegalArgumentException if it is no table of keys and values
     */
    public BpfTable<?, ?> table(String name) {
        int type = map(name, m -> true, "").spec().type();
        if (BpfArray.fits(type)) {
            return array(name, Object.class);
        }
        if (BpfArray.fitsPerCpu(type)) {
            return perCpuArray(name, Object.class);
        }
        return BpfHash.fitsPerCpu(type)
                ? perCpuHash(name, Object.class, Object.class)
                : hash(name, Object.class, Object.class);
    }

    /**
     * A {@code BPF_HISTOGRAM} with plain slots.
     *
     * @param name the table's name in the C text
     * @return a live view of the kernel's map
     */
    public BpfHistogram<Void> histogram(String name) {
        return BpfHistogram.of(map(name, m -> true, "a histogram"), btf);
    }

    /**
     * A {@code BPF_HISTOGRAM} for each value of a key: its own key is a struct of a key and a slot.
     *
     * @param name the table's name in the C text
     * @param key the Java type of the key beside the slot
     * @param <K> the key type
     * @return a live view of the kernel's map
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     */
    public <K> BpfHistogram<K> histogram(String name, Class<K> key) {
        return BpfHistogram.of(map(name, m -> BpfHash.fits(m.type()), "a histogram with keys"), btf, key);
    }

    /**
     * A perf event array that programs submit events to, a {@code BPF_PERF_OUTPUT}.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public <E> PerfBuffer<E> perfBuffer(String name, Class<E> event) {
        return perfBuffer(name, event, PerfBufferOptions.DEFAULT);
    }

    /**
     * A perf event array that programs submit events to.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param options sizes
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public synchronized <E> PerfBuffer<E> perfBuffer(String name, Class<E> event, PerfBufferOptions options) {
        KernelMap map = map(name, m -> m.type() == 4, "a perf event array");
        return open(name, PerfBuffer.open(map, event(map, event), options));
    }

    /**
     * A {@code BPF_RINGBUF_OUTPUT}.
     *
     * @param name the table's name in the C text
     * @param event the event's Java type, usually a record
     * @param <E> the event type
     * @return an open buffer; it is closed with this at the latest
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit the C type
     * @throws IllegalStateException if it is open already
     */
    public synchronized <E> RingBuffer<E> ringBuffer(String name, Class<E> event) {
        KernelMap map = map(name, m -> m.type() == 27, "a ring buffer");
        return open(name, RingBuffer.open(map, event(map, event)));
    }

    private <E> Codec<E> event(KernelMap map, Class<E> event) {
        EventBuffer<?> old = buffers.get(map.name());
        if (old != null && !old.isClosed()) {
            throw new IllegalStateException(old + " is open already: close it first");
        }
        return Codecs.bind(
                event, EventLayouts.resolve(map.spec().eventFields(), btf), "event of \"" + map.name() + '"');
    }

    private <B extends EventBuffer<?>> B open(String name, B buffer) {
        buffers.put(name, buffer);
        return buffer;
    }

    static String names(List<String> names) {
        return names.isEmpty() ? "none" : names.stream().sorted().collect(Collectors.joining(", "));
    }

    final synchronized void checkOpen() {
        if (closed) {
            throw new IllegalStateException("this BPF is closed");
        }
    }

    /** Whether this was the first to close it. */
    final synchronized boolean markClosed() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    final void closeData() {
        buffers.values().forEach(EventBuffer::close);
        loader.close();
    }
}
