package io.github.bcc4j.junit;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.event.EventBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Events collected as they come, by a thread of its own, in bounded memory. Whoever looks sees everything that programs have submitted
 * before: after a workload that has ended there is nothing to wait for but what the kernel does later.
 *
 * <p>Thread-safe. Events of a perf buffer that come from several CPUs have no order among each other.
 *
 * @param <E> the event type
 */
public final class Recording<E> implements AutoCloseable {
    private final EventBuffer<E> buffer;
    private final int capacity;
    private final ArrayDeque<E> kept = new ArrayDeque<>();
    private final Thread reader;
    private long total;
    private OptionalLong finallyLost;
    private Throwable failure;

    private Recording(EventBuffer<E> buffer, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a recording keeps one event at least, not " + capacity);
        }
        this.buffer = Objects.requireNonNull(buffer, "buffer");
        this.capacity = capacity;
        this.reader =
                Thread.ofPlatform().daemon().name("recording of " + buffer).unstarted(this::read);
    }

    /**
     * Begins to collect. Nobody else may read the buffer meanwhile.
     *
     * @param buffer where from; closing the recording closes it
     * @param capacity how many events are kept at most
     * @param <E> the event type
     * @return a recording, to be closed
     */
    public static <E> Recording<E> of(EventBuffer<E> buffer, int capacity) {
        Recording<E> recording = new Recording<>(buffer, capacity);
        recording.reader.start();
        return recording;
    }

    /** Who reads, until the buffer is closed or can't be read. */
    Thread reader() {
        return reader;
    }

    private void read() {
        try {
            while (!buffer.isClosed()) {
                buffer.poll(Duration.ofDays(1), this::add);
            }
        } catch (Throwable e) {
            synchronized (this) {
                failure = buffer.isClosed() ? null : e;
            }
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private synchronized void add(E event) {
        if (kept.size() == capacity) {
            kept.removeFirst();
        }
        kept.addLast(event);
        total++;
        notifyAll();
    }

    /** Takes what is in the kernel's buffer now, rather than when the reader gets to it. */
    private void catchUp() {
        try {
            buffer.consume(Integer.MAX_VALUE, this::add);
        } catch (IllegalStateException e) {
            if (!buffer.isClosed()) {
                throw e;
            }
        }
        check();
    }

    /** Throws if the reader has failed: then there may have been more than was recorded. */
    synchronized void check() {
        if (failure != null) {
            throw new BpfException("reading " + buffer + " has failed: " + failure.getMessage(), null, failure);
        }
    }

    private record Seen<E>(List<E> events, long total) {}

    private Seen<E> look() {
        catchUp();
        synchronized (this) {
            return new Seen<>(List.copyOf(kept), total);
        }
    }

    /**
     * The events so far, as many as are kept.
     *
     * @return in the order in which they were read; a copy
     * @throws BpfException if reading has failed
     */
    public List<E> events() {
        return look().events();
    }

    /**
     * How many events were read, also those no longer kept.
     *
     * @return never falls
     * @throws BpfException if reading has failed
     */
    public long total() {
        return look().total();
    }

    /**
     * How many events were read but are no longer kept, as there is no room for more.
     *
     * @return never falls
     */
    public long dropped() {
        Seen<E> seen = look();
        return seen.total() - seen.events().size();
    }

    /**
     * How many events the kernel had no room for. Of a perf buffer it tells so with the next event of that CPU for which there is room:
     * what was lost last may not be known yet.
     *
     * @return never falls; empty for a ring buffer whose program does not count: {@link Events#lost}
     */
    public OptionalLong lost() {
        catchUp();
        return known();
    }

    private synchronized OptionalLong known() {
        if (finallyLost != null) {
            return finallyLost;
        }
        try {
            return OptionalLong.of(buffer.lost());
        } catch (UnsupportedOperationException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Waits until the events so far fit a condition.
     *
     * @param timeout how long to wait at most; zero looks once
     * @param condition is given the events that are kept, again each time there are more
     * @return false if it did not fit in time
     * @throws BpfException if reading has failed
     * @throws IllegalStateException if the thread is interrupted
     */
    public boolean await(Duration timeout, Predicate<? super List<E>> condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            boolean last = System.nanoTime() - deadline >= 0;
            Seen<E> seen = look();
            if (condition.test(seen.events())) {
                return true;
            }
            if (last) {
                return false;
            }
            awaitMore(seen.total(), deadline);
        }
    }

    private synchronized void awaitMore(long known, long deadline) {
        try {
            long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
            while (total == known && failure == null && millis > 0) {
                wait(millis);
                millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for events of " + buffer, e);
        }
    }

    /**
     * The buffer's name.
     *
     * @return as in the C text
     */
    public String name() {
        return buffer.name();
    }

    /** Ends collecting and closes the buffer; what was collected stays. Closing again does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            finallyLost = known();
        }
        buffer.close();
    }

    /** How many events there are, and how many were lost. */
    @Override
    public String toString() {
        OptionalLong lost = known();
        synchronized (this) {
            long dropped = total - kept.size();
            return "events \"" + name() + "\": " + total + " in all"
                    + (dropped == 0 ? "" : ", the first " + dropped + " no longer kept")
                    + (lost.isPresent() ? ", " + lost.getAsLong() + " lost" : ", unknown how many lost");
        }
    }
}
