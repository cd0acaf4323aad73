package io.github.bcc4j.tools.cli;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.Parameters;

/** The two numbers at the end of the command line of tools that report again and again, or once at the end. */
public final class Intervals {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "INTERVAL",
            defaultValue = "0",
            description = "Seconds between reports; without it there is one, at the end.")
    private double interval;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "How many reports; without it as many as time allows.")
    private int count;

    private int done;
    private long begun = System.nanoTime();
    private double seconds;

    /** For picocli. */
    public Intervals() {}

    /**
     * Intervals that another option gives.
     *
     * @param seconds between reports; 0 for one at the end
     * @return as many as time allows
     */
    public static Intervals of(double seconds) {
        Intervals intervals = new Intervals();
        intervals.interval = seconds;
        return intervals;
    }

    /**
     * Intervals that other options give.
     *
     * @param seconds between reports; 0 for one at the end
     * @param count how many; 0 for as many as time allows
     * @return not begun
     */
    public static Intervals of(double seconds, int count) {
        Intervals intervals = of(seconds);
        intervals.count = count;
        return intervals;
    }

    /**
     * Whether the user asked for one report only, at the end.
     *
     * @return true without an interval
     */
    public boolean isOnce() {
        return interval == 0;
    }

    /**
     * Reports every so many seconds where the user has not said it.
     *
     * @param seconds the interval
     */
    public void orElse(double seconds) {
        if (interval == 0) {
            interval = seconds;
        }
    }

    /**
     * The interval as it was asked for.
     *
     * @return seconds, without a fraction where it has none
     */
    public String asked() {
        return interval == Math.rint(interval) ? String.valueOf((long) interval) : String.valueOf(interval);
    }

    /**
     * Waits for the next report's time. The last one comes when the run ends, however short its interval is. What the tool writes then is
     * marked with the time in JSON and CSV.
     *
     * @param session the run
     * @return false when there is nothing more to report
     * @throws InterruptedException if the thread is interrupted
     * @throws IllegalArgumentException if the user gave a negative number
     */
    public boolean next(Session session) throws InterruptedException {
        if (interval < 0 || count < 0) {
            throw new IllegalArgumentException("INTERVAL and COUNT are not negative");
        }
        session.output().flush();
        if (done > 0 && (!session.running() || done == count || isOnce())) {
            return false;
        }
        if (done++ == 0) {
            begun = System.nanoTime();
        }
        session.await(Duration.ofNanos((long) (interval * 1e9)));
        seconds = (System.nanoTime() - begun) / 1e9;
        begun = System.nanoTime();
        session.output().stamp(clock());
        return true;
    }

    /**
     * How long the interval was that is reported now.
     *
     * @return seconds, more than 0
     */
    public double seconds() {
        return seconds;
    }

    /**
     * The time of day.
     *
     * @return {@code HH:MM:SS}
     */
    public static String clock() {
        return LocalTime.now().format(CLOCK);
    }
}
