package io.github.bcc4j.table;

import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.MapLayouts;
import java.util.List;

/**
 * An array: every index has a value from the start, zero at first. Kernel floor: 3.19, per-CPU 4.6.
 *
 * @param <V> the value type; a list with one value for each possible CPU in a per-CPU array
 */
public final class BpfArray<V> extends BpfTable<Integer, V> {
    private static final Layout INDEX = new Layout.Int("u32", 4, false, false);

    private BpfArray(KernelMap map, Codec<V> values) {
        super(map, Codecs.bind(Integer.class, INDEX, "index of \"" + map.name() + '"'), values);
    }

    /**
     * A typed view of a map.
     *
     * @param map the map
     * @param btf the program's types
     * @param value the value's Java type
     * @param <V> the value type
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit
     */
    public static <V> BpfArray<V> of(KernelMap map, Btf btf, Class<V> value) {
        return new BpfArray<>(map, values(map, btf, value));
    }

    /**
     * A typed view of a per-CPU map.
     *
     * @param map the map
     * @param btf the program's types
     * @param value the Java type of one CPU's value
     * @param <V> the type of one CPU's value
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit
     */
    public static <V> BpfArray<List<V>> perCpu(KernelMap map, Btf btf, Class<V> value) {
        return new BpfArray<>(map, PerCpuCodec.of(values(map, btf, value)));
    }

    private static <V> Codec<V> values(KernelMap map, Btf btf, Class<V> value) {
        return Codecs.bind(value, MapLayouts.value(map.spec(), btf), "value of \"" + map.name() + '"');
    }

    /**
     * The value at an index.
     *
     * @param index from 0
     * @return its value
     * @throws IndexOutOfBoundsException if the array is not so long
     */
    public V get(int index) {
        V value = super.get(index);
        if (value == null) {
            throw new IndexOutOfBoundsException("index " + Integer.toUnsignedString(index) + " of table \"" + name()
                    + "\", which has " + maxEntries());
        }
        return value;
    }

    /**
     * The array as a list.
     *
     * @return a live view of fixed size, every call of which goes to the kernel
     */
    public List<V> asList() {
        return new TableViews.Elements<>(this);
    }

    @Override
    public int size() {
        map.checkOpen();
        return map.spec().maxEntries();
    }

    @Override
    public boolean isEmpty() {
        return size() == 0;
    }

    /** An array's entries can't be removed; see {@link #clear()}. */
    @Override
    public V remove(Object key) {
        throw irremovable();
    }

    @Override
    void delete(byte[] bytes, int keyAt) {
        throw irremovable();
    }

    private UnsupportedOperationException irremovable() {
        return new UnsupportedOperationException("entries of array \"" + name() + "\" can be set to zero, not removed");
    }

    @Override
    public void zero() {
        clear();
    }

    /** Sets every value to zero, many with each system call. */
    @Override
    public void clear() {
        try (BatchWriter writer = new BatchWriter(map)) {
            for (int i = 0; i < map.spec().maxEntries(); i++) {
                Integer index = i;
                writer.add((k, keyAt, v, valueAt) -> keys.write(k, keyAt, index));
            }
            writer.flush();
        }
    }
}
