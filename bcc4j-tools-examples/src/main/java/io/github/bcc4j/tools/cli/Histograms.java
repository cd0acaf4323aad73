package io.github.bcc4j.tools.cli;

import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.text.Histogram;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Histograms, one or one for each key: bars as text; as JSON an object each, with its key, its unit and its slots
 * ({@code {"pid":181,"unit":"usecs","slots":[{"from":0,"to":1,"count":3}]}}); as CSV a line for each slot.
 */
public final class Histograms {
    private final Output output;

    /**
     * To be written.
     *
     * @param output where to
     */
    public Histograms(Output output) {
        this.output = output;
    }

    /**
     * Writes a histogram of powers of two.
     *
     * @param unit of its values
     * @param key what it is of, by name, such as {@code pid} and 181; empty for everything
     * @param slots as {@link BpfHistogram#slots} gives them
     */
    public void log2(String unit, Map<String, ?> key, long[] slots) {
        write(unit, key, slots, true, Map.of());
    }

    /**
     * Writes a histogram of powers of two, and what else is known of it, which is for programs only.
     *
     * @param unit of its values
     * @param key what it is of, by name
     * @param slots as {@link BpfHistogram#slots} gives them
     * @param more such as an average, by name
     */
    public void log2(String unit, Map<String, ?> key, long[] slots, Map<String, ?> more) {
        write(unit, key, slots, true, more);
    }

    /**
     * Writes a histogram with a slot for each number.
     *
     * @param unit of its values
     * @param key what it is of, by name; empty for everything
     * @param slots counts
     */
    public void linear(String unit, Map<String, ?> key, long[] slots) {
        write(unit, key, slots, false, Map.of());
    }

    /**
     * Writes a histogram of powers of two for each key of a table.
     *
     * @param unit of the values
     * @param table the table
     * @param key a key's parts by name
     * @param <K> the table's keys
     */
    public <K> void log2(String unit, BpfHistogram<K> table, Function<? super K, Map<String, ?>> key) {
        table.slotsByKey().forEach((k, slots) -> log2(unit, key.apply(k), slots));
    }

    private void write(String unit, Map<String, ?> key, long[] slots, boolean log2, Map<String, ?> more) {
        if (output.format() == Format.TEXT) {
            String heading = key.entrySet().stream()
                    .map(e -> e.getKey() + " = " + Output.printable(String.valueOf(e.getValue())))
                    .collect(Collectors.joining(", "));
            output.text(
                    "%s%s",
                    heading.isEmpty() ? "" : "\n" + heading + "\n",
                    log2 ? Histogram.log2(slots, unit) : Histogram.linear(slots, unit));
            return;
        }
        List<Map<String, Object>> counted = new ArrayList<>();
        int last = slots.length - 1;
        while (last >= 0 && slots[last] == 0) {
            last--;
        }
        for (int i = log2 ? 1 : 0; i <= last; i++) {
            Map<String, Object> slot = new LinkedHashMap<>();
            slot.put("from", log2 ? unsigned(i == 1 ? 0 : 1L << i - 1) : i);
            slot.put("to", log2 ? unsigned(-1L >>> 64 - i) : i);
            slot.put("count", slots[i]);
            counted.add(slot);
        }
        Map<String, Object> object = new LinkedHashMap<>(key);
        object.put("unit", unit);
        object.putAll(more);
        if (output.format() == Format.JSON) {
            object.put("slots", counted);
            output.object(object);
        } else {
            for (Map<String, Object> slot : counted) {
                Map<String, Object> line = new LinkedHashMap<>(object);
                line.putAll(slot);
                output.object(line);
            }
        }
    }

    private static Number unsigned(long n) {
        return n >= 0 ? n : new BigInteger(Long.toUnsignedString(n));
    }
}
