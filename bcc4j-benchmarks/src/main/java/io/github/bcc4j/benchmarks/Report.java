package io.github.bcc4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.StringJoiner;

/** What a round measured ({@code name=nanoseconds}) and saw ({@code name:number}, the same in every language), as a line. */
public final class Report {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final StringJoiner line = new StringJoiner(" ");

    /** An empty line. */
    public Report() {}

    /**
     * The CPU time of this thread.
     *
     * @return nanoseconds since it began
     */
    public static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    /**
     * Measures the CPU time that something takes on this thread.
     *
     * @param metric its name
     * @param work what to do
     * @return this
     */
    public Report cpu(String metric, Runnable work) {
        long before = cpu();
        work.run();
        return measured(metric, cpu() - before);
    }

    /**
     * Notes a measured value.
     *
     * @param metric its name
     * @param nanos its value
     * @return this
     */
    public Report measured(String metric, long nanos) {
        line.add(metric + "=" + nanos);
        return this;
    }

    /**
     * Notes what was seen, which must be the same for all.
     *
     * @param check its name
     * @param value its value
     * @return this
     */
    public Report saw(String check, long value) {
        line.add(check + ":" + value);
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }
}
