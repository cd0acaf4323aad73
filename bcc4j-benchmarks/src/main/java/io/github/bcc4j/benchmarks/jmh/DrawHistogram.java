package io.github.bcc4j.benchmarks.jmh;

import io.github.bcc4j.text.Histogram;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;

/** Draws a histogram of thirty slots. */
public class DrawHistogram extends Micro {
    private final long[] slots = LongStream.range(0, 30).map(i -> i * i * 17).toArray();

    /** For JMH. */
    public DrawHistogram() {}

    /**
     * By powers of two.
     *
     * @return the drawing
     */
    @Benchmark
    public String log2() {
        return Histogram.log2(slots, "usecs");
    }

    /**
     * Slot by slot.
     *
     * @return the drawing
     */
    @Benchmark
    public String linear() {
        return Histogram.linear(slots, "usecs");
    }
}
