package io.github.bcc4j.event;

/**
 * How a perf buffer is set up.
 *
 * @param pages memory pages for every CPU, a power of two
 * @param wakeupEvents how many events between two wake-ups of a waiting reader; 1 is the quickest, 64 costs the traced side far
 *     less. A waiting reader then looks for itself ten times a second, so a rest of fewer events is not stuck.
 */
public record PerfBufferOptions(int pages, int wakeupEvents) {
    /** 64 pages for every CPU, a wake-up for every event. */
    public static final PerfBufferOptions DEFAULT = new PerfBufferOptions(64, 1);

    /** Checks the numbers. */
    public PerfBufferOptions {
        if (pages < 1 || Integer.bitCount(pages) != 1) {
            throw new IllegalArgumentException("pages must be a power of two, not " + pages);
        }
        if (wakeupEvents < 1) {
            throw new IllegalArgumentException("wakeupEvents must be 1 or more, not " + wakeupEvents);
        }
    }
}
