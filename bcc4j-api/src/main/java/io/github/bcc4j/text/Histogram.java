package io.github.bcc4j.text;

/** Histograms as text, column for column as bcc prints them. Thread-safe. */
public final class Histogram {
    private static final int WIDTH = 40;

    private Histogram() {}

    /**
     * A histogram of powers of two: slot n counts the values from 2^(n-1) to 2^n - 1.
     *
     * @param slots counts; slot 0 is not shown, as in bcc
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
            long low = i == 1 ? 0 : 1L << i - 1;
            long high = (1L << i) - 1;
            out.append(String.format(
                    wide ? "%20s -> %-20s : %-8d |%s|%n" : "%10s -> %-10s : %-8d |%s|%n",
                    Long.toUnsignedString(low),
                    Long.toUnsignedString(high),
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
