package io.github.bcc4j.symbol;

/** Sorts parallel arrays by unsigned key: stable, and in one pass where they are sorted already, as kernels list their symbols. */
final class RunSort {
    private static final int STEP = 64;

    private RunSort() {}

    static void sort(long[] keys, int[] values) {
        sort(keys, values, 0, keys.length, new long[keys.length], new int[keys.length]);
    }

    private static void sort(long[] keys, int[] values, int from, int to, long[] k, int[] v) {
        if (isSorted(keys, from, to)) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(keys, values, from, middle, k, v);
        sort(keys, values, middle, to, k, v);
        System.arraycopy(keys, from, k, from, to - from);
        System.arraycopy(values, from, v, from, to - from);
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeLeft = right == to || left < middle && Long.compareUnsigned(k[left], k[right]) <= 0;
            int taken = takeLeft ? left++ : right++;
            keys[i] = k[taken];
            values[i] = v[taken];
        }
    }

    /** In steps: what is called often is compiled soon, what loops long in one call is not. */
    private static boolean isSorted(long[] keys, int from, int to) {
        int at = from;
        while (at < to && isStepSorted(keys, at, Math.min(at + STEP, to - 1))) {
            at += STEP;
        }
        return at >= to;
    }

    private static boolean isStepSorted(long[] keys, int from, int last) {
        int at = from;
        while (at < last && Long.compareUnsigned(keys[at], keys[at + 1]) <= 0) {
            at++;
        }
        return at >= last;
    }
}
