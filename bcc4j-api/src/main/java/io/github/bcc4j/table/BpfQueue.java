package io.github.bcc4j.table;

import io.github.bcc4j.type.Btf;
import io.github.bcc4j.type.Codec;
import io.github.bcc4j.type.Codecs;
import io.github.bcc4j.type.MapLayouts;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code BPF_QUEUE}, which gives first what was put in first, or a {@code BPF_STACK}, which gives first what was put in last. The
 * kernel tells neither its length nor its elements without taking them out. Thread-safe. Kernel floor: 4.20.
 *
 * @param <V> the value type
 */
public final class BpfQueue<V> {
    private static final long OVERWRITE_OLDEST = 2; // BPF_EXIST

    private final KernelMap map;
    private final Codec<V> values;

    private BpfQueue(KernelMap map, Codec<V> values) {
        this.map = map;
        this.values = values;
    }

    /**
     * A typed view of a map.
     *
     * @param map a queue or stack
     * @param btf the program's types
     * @param value the value's Java type
     * @param <V> the value type
     * @return the view
     * @throws io.github.bcc4j.type.LayoutMismatchException if the Java type does not fit
     */
    public static <V> BpfQueue<V> of(KernelMap map, Btf btf, Class<V> value) {
        return new BpfQueue<>(
                map, Codecs.bind(value, MapLayouts.value(map.spec(), btf), "value of \"" + map.name() + '"'));
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
     * How many values it can hold.
     *
     * @return as the kernel counts, unsigned
     */
    public long maxEntries() {
        return Integer.toUnsignedLong(map.spec().maxEntries());
    }

    /**
     * Puts a value in.
     *
     * @param value the value
     * @throws io.github.bcc4j.BpfSyscallException if it is full ({@code E2BIG})
     */
    public void push(V value) {
        push(value, 0);
    }

    /**
     * Puts a value in; if it is full, the oldest value makes room for it.
     *
     * @param value the value
     */
    public void pushOverOldest(V value) {
        push(value, OVERWRITE_OLDEST);
    }

    private void push(V value, long flags) {
        try (Scratch scratch = Scratch.take(map)) {
            values.write(scratch.value(), 0, value);
            map.put(MemorySegment.NULL, scratch.value(), flags);
        }
    }

    /**
     * Takes the next value out.
     *
     * @return the value, empty if there is none
     */
    public Optional<V> pop() {
        try (Scratch scratch = Scratch.take(map)) {
            return map.lookupAndDelete(MemorySegment.NULL, scratch.value())
                    ? Optional.of(values.read(scratch.value(), 0))
                    : Optional.empty();
        }
    }

    /**
     * The next value, which stays in.
     *
     * @return the value, empty if there is none
     */
    public Optional<V> peek() {
        try (Scratch scratch = Scratch.take(map)) {
            return map.lookup(MemorySegment.NULL, scratch.value())
                    ? Optional.of(values.read(scratch.value(), 0))
                    : Optional.empty();
        }
    }

    /**
     * Takes out what is there, at most as many values as it can hold: it ends while programs put others in.
     *
     * @return the values as they came out
     */
    public List<V> drain() {
        List<V> taken = new ArrayList<>();
        Optional<V> next = pop();
        for (; next.isPresent(); next = taken.size() < maxEntries() ? pop() : Optional.empty()) {
            taken.add(next.get());
        }
        return taken;
    }

    /** Takes out what is there and forgets it. */
    public void clear() {
        drain();
    }

    @Override
    public String toString() {
        return map.toString();
    }
}
