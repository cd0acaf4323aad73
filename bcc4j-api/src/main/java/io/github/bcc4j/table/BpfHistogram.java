package io.github.bcc4j.table;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.text.Histogram;
import io.github.bcc4j.text.JsonText;
import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.Layout;
import io.github.bcc4j.type.MapLayouts;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A {@code BPF_HISTOGRAM}: counts by slot, or by a key and slot. Thread-safe; each call reads the kernel's map anew.
 *
 * @param <K> the type of the key beside the slot; {@link Void} if there is none
 */
public final class BpfHistogram<K> {
    /** More than any scale has: a slot beyond is a mistake of the program, not a bar to draw. */
    private static final long MOST_SLOTS = 1 << 16;

    private final BpfTable<?, Long> table;
    private final Codec<K> keys;
    private final Codec<Long> slots;
    private final Layout.Member keyMember;
    private final Layout.Member slotMember;

    private BpfHistogram(
            BpfTable<?, Long> table,
            Codec<K> keys,
            Codec<Long> slots,
            Layout.Member keyMember,
            Layout.Member slotMember) {
        this.table = table;
        this.keys = keys;
        this.slots = slots;
        this.keyMember = keyMember;
        this.slotMember = slotMember;
    }

    /**
     * A histogram with plain slots.
     *
     * @param map an array, or a hash with an integer key
     * @param btf the program's types
     * @return the view
     */
    public static BpfHistogram<Void> of(KernelMap map, Btf btf) {
        BpfTable<?, Long> table = map.spec().type() == 2
                ? BpfArray.of(map, btf, Long.class)
                : BpfHash.of(map, btf, Long.class, Long.class);
        return new BpfHistogram<>(table, null, null, null, null);
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
        Layout.Member keyMember = s.flattened().getFirst();
        Layout.Member slotMember = s.flattened().getLast();
        return new BpfHistogram<>(
                BpfHash.of(map, btf, byte[].class, Long.class),
                Codecs.bind(key, keyMember.type(), "key of \"" + map.name() + '"'),
                Codecs.bind(Long.class, slotMember.type(), "slot of \"" + map.name() + '"'),
                keyMember,
                slotMember);
    }

    /**
     * The counts of a histogram with plain slots.
     *
     * @return by slot, up to the last that is not zero
     * @throws BpfException if a slot is none that could be drawn
     */
    public long[] slots() {
        if (keys != null) {
            throw new IllegalStateException("histogram \"" + table.name() + "\" has keys: use slotsByKey()");
        }
        Slots slots = new Slots(table.name());
        table.forEachLong(slots);
        return slots.upToTheLast();
    }

    /**
     * The counts of each key's histogram.
     *
     * @return by key, then by slot, up to the last that is not zero
     * @throws BpfException if a slot is none that could be drawn
     */
    public Map<K, long[]> slotsByKey() {
        if (keys == null) {
            throw new IllegalStateException("histogram \"" + table.name() + "\" has no keys: use slots()");
        }
        Map<ByteBuffer, Slots> grouped = new LinkedHashMap<>(); // by bytes: not all Java keys can be compared
        table.snapshot().entries().forEach((raw, count) -> {
            byte[] bytes = (byte[]) raw;
            ByteBuffer key = ByteBuffer.wrap(bytes, (int) keyMember.offset(), (int) keys.size());
            Long slot = slots.read(MemorySegment.ofArray(bytes), slotMember.offset());
            grouped.computeIfAbsent(key, k -> new Slots(table.name())).accept(slot, count);
        });
        Map<K, long[]> result = new LinkedHashMap<>();
        grouped.forEach((key, slots) ->
                result.put(keys.read(MemorySegment.ofArray(key.array()), keyMember.offset()), slots.upToTheLast()));
        return result;
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

    /**
     * Each key's counts drawn under a heading, slots being powers of two.
     *
     * @param unit what was measured, the columns' header
     * @param heading the heading of a key, such as {@code k -> "disk = " + k}; keys come in the order of their headings
     * @return lines, as bcc prints them
     */
    public String log2(String unit, Function<? super K, String> heading) {
        return sections(heading, slots -> Histogram.log2(slots, unit));
    }

    /**
     * Each key's counts drawn under a heading, a line for each slot.
     *
     * @param unit what was measured, the columns' header
     * @param heading the heading of a key, such as {@code k -> "disk = " + k}; keys come in the order of their headings
     * @return lines, as bcc prints them
     */
    public String linear(String unit, Function<? super K, String> heading) {
        return sections(heading, slots -> Histogram.linear(slots, unit));
    }

    /**
     * The counts as JSON, slots being powers of two: {@code {"unit":"usecs","slots":[{"from":0,"to":1,"count":3}]}}.
     *
     * @param unit what was measured
     * @return an object in one line, by {@link Histogram#log2Json}
     */
    public String log2Json(String unit) {
        return Histogram.log2Json(slots(), unit);
    }

    /**
     * The counts as JSON, a number for each slot.
     *
     * @param unit what was measured
     * @return an object in one line, by {@link Histogram#linearJson}
     */
    public String linearJson(String unit) {
        return Histogram.linearJson(slots(), unit);
    }

    /**
     * Each key's counts as JSON under its name, slots being powers of two: {@code {"sda":{"unit":"usecs","slots":[]}}}.
     *
     * @param unit what was measured
     * @param name a name for each key, no two the same; members come in the order of their names
     * @return an object in one line
     * @throws IllegalStateException if two keys have the same name
     */
    public String log2Json(String unit, Function<? super K, String> name) {
        return members(name, slots -> Histogram.log2Json(slots, unit));
    }

    /**
     * Each key's counts as JSON under its name, a number for each slot.
     *
     * @param unit what was measured
     * @param name a name for each key, no two the same; members come in the order of their names
     * @return an object in one line
     * @throws IllegalStateException if two keys have the same name
     */
    public String linearJson(String unit, Function<? super K, String> name) {
        return members(name, slots -> Histogram.linearJson(slots, unit));
    }

    private String members(Function<? super K, String> name, Function<long[], String> json) {
        Map<String, String> members = new TreeMap<>();
        slotsByKey().forEach((key, slots) -> {
            if (members.putIfAbsent(name.apply(key), json.apply(slots)) != null) {
                throw new IllegalStateException("two keys of histogram \"" + table.name() + "\" have the same name \""
                        + name.apply(key) + "\", the second is " + key);
            }
        });
        return members.entrySet().stream()
                .map(e -> JsonText.string(e.getKey()) + ":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private String sections(Function<? super K, String> heading, Function<long[], String> drawn) {
        Map<String, String> sections = new TreeMap<>();
        slotsByKey().forEach((key, slots) -> sections.merge(heading.apply(key), drawn.apply(slots), String::concat));
        StringBuilder out = new StringBuilder();
        sections.forEach(
                (head, section) -> out.append(String.format("%n%s%n", head)).append(section));
        return out.toString();
    }

    /** Sets every count to zero. */
    public void clear() {
        table.clear();
    }

    /** Counts by slot, as they are read in any order. */
    private static final class Slots implements LongEntryConsumer {
        private final String name;
        private long[] counts = new long[64];
        private int end;

        Slots(String name) {
            this.name = name;
        }

        @Override
        public void accept(long slot, long count) {
            if (slot < 0 || slot >= MOST_SLOTS) {
                throw new BpfException("histogram \"" + name + "\" has counted in slot " + slot
                        + ", which is not from 0 to " + (MOST_SLOTS - 1)
                        + ": the program must bring its values down, with bpf_log2l() or a division");
            }
            if (count == 0) {
                return;
            }
            if (slot >= counts.length) {
                counts = Arrays.copyOf(counts, (int) slot * 2);
            }
            counts[(int) slot] = count;
            end = Math.max(end, (int) slot + 1);
        }

        long[] upToTheLast() {
            return Arrays.copyOf(counts, end);
        }
    }
}
