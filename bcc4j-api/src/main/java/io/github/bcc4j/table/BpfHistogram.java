package io.github.bcc4j.table;

import io.github.bcc4j.text.Histogram;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.MapLayouts;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@code BPF_HISTOGRAM}: counts by slot, or by a key and slot. Thread-safe; each call reads the kernel's map anew.
 *
 * @param <K> the type of the key beside the slot; {@link Void} if there is none
 */
public final class BpfHistogram<K> {
    private final BpfTable<?, Long> table;
    private final Codec<K> keys;
    private final Codec<Object> naturalKeys;

    private BpfHistogram(BpfTable<?, Long> table, Codec<K> keys, Codec<Object> naturalKeys) {
        this.table = table;
        this.keys = keys;
        this.naturalKeys = naturalKeys;
    }

    /**
     * A histogram with plain slots.
     *
     * @param map an array, or a hash with an integer key
     * @param btf the program's types
     * @return the view
     */
    public static BpfHistogram<Void> of(KernelMap map, Btf btf) {
        BpfTable<?, Long> table = BpfArray.fits(map.spec().type())
                ? BpfArray.of(map, btf, Long.class)
                : BpfHash.of(map, btf, Long.class, Long.class);
        return new BpfHistogram<>(table, null, null);
    }

    /**
     * A histogram for each value of a key.
     *
     * @param map a hash whose key is a struct of a key and, last, a slot
     * @param btf the program's types
     * @param key the key's Java type
     * @param <K> the key type
     * @return the view
     * @throws IllegalArgumentException if the key is no such struct
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit
     */
    public static <K> BpfHistogram<K> of(KernelMap map, Btf btf, Class<K> key) {
        Layout layout = MapLayouts.key(map.spec(), btf);
        if (!(layout.resolved() instanceof Layout.Struct s) || s.flattened().size() != 2) {
            throw new IllegalArgumentException("the key of histogram \"" + map.name()
                    + "\" must be a struct of two members, a key and a slot; it is " + layout.name());
        }
        Codec<K> keys = Codecs.bind(key, s.flattened().getFirst().type(), "key of \"" + map.name() + '"');
        return new BpfHistogram<>(BpfHash.of(map, btf, byte[].class, Long.class), keys, Codecs.natural(layout));
    }

    /**
     * The counts of a histogram with plain slots.
     *
     * @return by slot, up to the last that is not zero
     */
    public long[] slots() {
        if (keys != null) {
            throw new IllegalStateException("histogram \"" + table.name() + "\" has keys: use slotsByKey()");
        }
        Map<Integer, Long> bySlot = new LinkedHashMap<>();
        table.snapshot().entries().forEach((slot, count) -> bySlot.put(((Number) slot).intValue(), count));
        return dense(bySlot);
    }

    /**
     * The counts of each key's histogram.
     *
     * @return by key, then by slot, up to the last that is not zero
     */
    public Map<K, long[]> slotsByKey() {
        if (keys == null) {
            throw new IllegalStateException("histogram \"" + table.name() + "\" has no keys: use slots()");
        }
        Map<K, Map<Integer, Long>> grouped = new LinkedHashMap<>();
        table.snapshot().entries().forEach((raw, count) -> {
            var memory = java.lang.foreign.MemorySegment.ofArray((byte[]) raw);
            Layout.Struct layout = (Layout.Struct) naturalKeys.layout().resolved();
            Map<?, ?> members = (Map<?, ?>) naturalKeys.read(memory, 0);
            K key = keys.read(memory, layout.flattened().getFirst().offset());
            Number slot = (Number) members.get(layout.flattened().getLast().name());
            grouped.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(slot.intValue(), count);
        });
        Map<K, long[]> result = new LinkedHashMap<>();
        grouped.forEach((key, bySlot) -> result.put(key, dense(bySlot)));
        return result;
    }

    private static long[] dense(Map<Integer, Long> bySlot) {
        int last = bySlot.entrySet().stream()
                .filter(e -> e.getValue() != 0)
                .mapToInt(Map.Entry::getKey)
                .max()
                .orElse(-1);
        long[] slots = new long[last + 1];
        bySlot.forEach((slot, count) -> {
            if (slot >= 0 && slot <= last) {
                slots[slot] = count;
            }
        });
        return slots;
    }

    /**
     * The counts drawn, slots being powers of two.
     *
     * @param unit what was measured, the column's header
     * @return lines, as bcc prints them; empty if nothing was counted
     */
    public String log2(String unit) {
        return Histogram.log2(slots(), unit);
    }

    /**
     * The counts drawn, a line for each slot.
     *
     * @param unit what was measured, the column's header
     * @return lines, as bcc prints them; empty if nothing was counted
     */
    public String linear(String unit) {
        return Histogram.linear(slots(), unit);
    }

    /** Sets every count to zero. */
    public void clear() {
        table.clear();
    }
}
