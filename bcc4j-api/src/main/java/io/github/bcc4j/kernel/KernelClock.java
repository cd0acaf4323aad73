package io.github.bcc4j.kernel;

import io.github.bcc4j.ffm.linux.Linux;
import java.time.Instant;

/**
 * The clock that programs in the kernel read, and what time of day its readings are. The distance to the time of day is measured once,
 * when a clock is made, within about a microsecond: so events keep their order, also when somebody sets the time; make a new one to
 * follow. Immutable and thread-safe.
 */
public final class KernelClock {
    private static final int REALTIME = 0;
    private static final int MONOTONIC = 1;
    private static final int BOOTTIME = 7;
    private static final int ATTEMPTS = 10;
    private static final long SECOND = 1_000_000_000;

    private final int id;
    /** Of this clock's zero, in nanoseconds since 1970. */
    private final long zero;

    private KernelClock(int id) {
        this.id = id;
        long best = Long.MAX_VALUE;
        long zero = 0;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = Linux.clock(id);
            long real = Linux.clock(REALTIME);
            long after = Linux.clock(id);
            if (after - before < best) {
                best = after - before;
                zero = real - (before + best / 2);
            }
        }
        this.zero = zero;
    }

    /**
     * The clock of {@code bpf_ktime_get_ns()} and of perf events: it stands still while the machine sleeps.
     *
     * @return {@code CLOCK_MONOTONIC}
     */
    public static KernelClock monotonic() {
        return new KernelClock(MONOTONIC);
    }

    /**
     * The clock of {@code bpf_ktime_get_boot_ns()}, and of processes' start times: it goes on while the machine sleeps.
     *
     * @return {@code CLOCK_BOOTTIME}
     */
    public static KernelClock boottime() {
        return new KernelClock(BOOTTIME);
    }

    /**
     * The time now.
     *
     * @return nanoseconds since the machine started
     */
    public long now() {
        return Linux.clock(id);
    }

    /**
     * The time of day of a reading.
     *
     * @param nanos a reading of this clock
     * @return the time of day
     */
    public Instant instant(long nanos) {
        long since1970 = zero + nanos;
        return Instant.ofEpochSecond(Math.floorDiv(since1970, SECOND), Math.floorMod(since1970, SECOND));
    }

    /**
     * The reading at a time of day.
     *
     * @param instant a time of day
     * @return nanoseconds since the machine started; negative for before
     */
    public long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano()) - zero;
    }
}
