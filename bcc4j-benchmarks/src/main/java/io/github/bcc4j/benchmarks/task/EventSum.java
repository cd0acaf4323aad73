package io.github.bcc4j.benchmarks.task;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.type.Unsigned;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.function.Consumer;

/** Sums three fields of each event of {@code bpf/perf.c} and {@code bpf/ring.c}, which have 64 bytes. */
final class EventSum {
    static final int PAGES = 256;

    /** How many fill a buffer of that many pages. */
    static final int FULL = 13_000;

    private static final long SEQ = 0;
    private static final long LAT = 24;
    private static final long PID = 32;

    private final String variant;
    private long total;

    /** All numbers of an event. */
    private record Event(
            long seq,
            long ts,
            long addr,
            long lat,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int cpu,
            @Unsigned int kind) {}

    /** All of an event. */
    private record NamedEvent(
            long seq,
            long ts,
            long addr,
            long lat,
            @Unsigned int pid,
            @Unsigned int tid,
            @Unsigned int cpu,
            @Unsigned int kind,
            String comm) {}

    /**
     * Sums.
     *
     * @param variant {@code raw} for the bytes, {@code typed} for records of numbers, {@code text} for records that also have a text
     */
    EventSum(String variant) {
        this.variant = variant;
    }

    /** What the buffer is to be opened for. */
    Class<?> type() {
        return variant.equals("text") ? NamedEvent.class : Event.class;
    }

    int poll(EventBuffer<?> events, Duration timeout) {
        return switch (variant) {
            case "raw" -> events.pollRaw(timeout, this::add);
            case "typed" -> events.poll(timeout, (Consumer<Object>) e -> add((Event) e));
            default -> events.poll(timeout, (Consumer<Object>) e -> add((NamedEvent) e));
        };
    }

    long total() {
        return total;
    }

    void reset() {
        total = 0;
    }

    private void add(int cpu, MemorySegment memory, long offset, int length) {
        total += memory.get(JAVA_LONG_UNALIGNED, offset + SEQ)
                + memory.get(JAVA_LONG_UNALIGNED, offset + LAT)
                + memory.get(JAVA_INT_UNALIGNED, offset + PID);
    }

    private void add(Event e) {
        total += e.seq() + e.lat() + e.pid();
    }

    private void add(NamedEvent e) {
        total += e.seq() + e.lat() + e.pid();
    }
}
