package io.github.bcc4j.text;

/** Histograms as text, column for column as bcc prints them, and as JSON. Thread-safe. */
public final class Histogram {
    private static final int WIDTH = 40;

    private Histogram() {}

    /**
     * A histogram of powers of two: slot n counts the values from 2^(n-1) to 2^n - 1.
     *
     * @param slots 65 counts at most; slot 0 is not shown, as in bcc
     * @param unit the values' header
     * @return lines; empty if no slot from 1 on has a count
     */
    public static String log2(long[] slots, String unit) {
        int last = last(slots);
        if (last <= 0) {
            return "";
        }
        boolean wide = last > 32;
        int stars = wide ? WIDTH / 2 : WIDTH;
        long most = most(slots);
        StringBuilder out = new StringBuilder();
        out.append(String.format(
                wide ? "               %-29s : count     distribution%n" : "     %-19s : count     distribution%n",
                unit));
        for (int i = 1; i <= last; i++) {
            out.append(String.format(
                    wide ? "%20s -> %-20s : %-8d |%s|%n" : "%10s -> %-10s : %-8d |%s|%n",
                    low(i),
                    high(i),
                    slots[i],
                    bar(slots[i], most, stars)));
        }
        return out.toString();
    }

    /**
     * A histogram with a line for each slot.
     *
     * @param slots counts
     * @param unit the slots' header
     * @return lines; empty if no slot has a count
     */
    public static String linear(long[] slots, String unit) {
        int last = last(slots);
        if (last < 0) {
            return "";
        }
        long most = most(slots);
        StringBuilder out = new StringBuilder(String.format("     %-13s : count     distribution%n", unit));
        for (int i = 0; i <= last; i++) {
            out.append(String.format("        %-10d : %-8d |%s|%n", i, slots[i], bar(slots[i], most, WIDTH)));
        }
        return out.toString();
    }

    /**
     * A histogram of powers of two as JSON (RFC 8259): {@code {"unit":"usecs","slots":[{"from":0,"to":1,"count":3}]}}.
     *
     * @param slots 65 counts at most; slot 0 is not among them, as in {@link #log2}
     * @param unit what was measured
     * @return an object in one line; bounds are whole numbers of up to 64 bits, which some readers round
     */
    public static String log2Json(long[] slots, String unit) {
        StringBuilder out =
                new StringBuilder("{\"unit\":").append(JsonText.string(unit)).append(",\"slots\":[");
        int last = last(slots);
        for (int i = 1; i <= last; i++) {
            slot(out, i == 1, low(i), high(i), slots[i]);
        }
        return out.append("]}").toString();
    }

    /**
     * A histogram with a number for each slot as JSON (RFC 8259), of the same form as {@link #log2Json}.
     *
     * @param slots counts
     * @param unit the slots' header
     * @return an object in one line
     */
    public static String linearJson(long[] slots, String unit) {
        StringBuilder out =
                new StringBuilder("{\"unit\":").append(JsonText.string(unit)).append(",\"slots\":[");
        int last = last(slots);
        for (int i = 0; i <= last; i++) {
            slot(out, i == 0, String.valueOf(i), String.valueOf(i), slots[i]);
        }
        return out.append("]}").toString();
    }

    private static void slot(StringBuilder out, boolean first, String from, String to, long count) {
        out.append(first ? "" : ",")
                .append("{\"from\":")
                .append(from)
                .append(",\"to\":")
                .append(to)
                .append(",\"count\":")
                .append(count)
                .append('}');
    }

    private static String low(int slot) {
        return Long.toUnsignedString(slot == 1 ? 0 : 1L << slot - 1);
    }

    private static String high(int slot) {
        return Long.toUnsignedString(-1L >>> 64 - slot);
    }

    private static int last(long[] slots) {
        int last = slots.length - 1;
        while (last >= 0 && slots[last] <= 0) {
            last--;
        }
        return last;
    }

    private static long most(long[] slots) {
        long most = 0;
        for (long count : slots) {
            most = Math.max(most, count);
        }
        return most;
    }

    /** As many stars as fit the share: n while n <= width * value / most - 1. */
    private static String bar(long value, long most, int width) {
        int stars = (int) Math.min(width, Math.floor((double) width * value / most - 1) + 1);
        return "*".repeat(Math.max(0, stars)) + " ".repeat(width - Math.max(0, stars));
    }
}
