package io.github.bcc4j.event;

import java.time.Duration;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Events as they come, without end: close it, limit it, or give it a time. Each event is taken out of the kernel's buffer when the
 * stream asks for it, so a stream that stops early loses nothing.
 *
 * <p>For one thread; closing is for any.
 *
 * @param <E> the event type
 */
public final class EventStream<E> implements AutoCloseable {
    private final EventBuffer<E> buffer;
    private volatile long deadline;
    private volatile boolean timed;

    EventStream(EventBuffer<E> buffer) {
        this.buffer = buffer;
    }

    /**
     * Ends the stream after a time from now.
     *
     * @param time how long to wait for events altogether
     * @return this
     */
    public EventStream<E> within(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        timed = true;
        return this;
    }

    /**
     * The events as a {@link Stream}, which is sequential and can be asked for again.
     *
     * @return a stream that blocks for its next element
     */
    public Stream<E> stream() {
        return StreamSupport.stream(
                new Spliterators.AbstractSpliterator<E>(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
                    @Override
                    public boolean tryAdvance(Consumer<? super E> action) {
                        long until = timed
                                ? deadline
                                : System.nanoTime() + Duration.ofDays(365).toNanos();
                        return buffer.take(until, action);
                    }
                },
                false);
    }

    /**
     * The first events.
     *
     * @param n how many
     * @return a stream that ends after them
     */
    public Stream<E> limit(long n) {
        return stream().limit(n);
    }

    /**
     * The events that fit.
     *
     * @param predicate which
     * @return a stream without the others
     */
    public Stream<E> filter(Predicate<? super E> predicate) {
        return stream().filter(predicate);
    }

    /**
     * Something made of each event.
     *
     * @param function what
     * @param <R> its type
     * @return a stream of it
     */
    public <R> Stream<R> map(Function<? super E, ? extends R> function) {
        return stream().map(function);
    }

    /**
     * The events up to the first that does not fit, which is taken as well.
     *
     * @param predicate which
     * @return a stream that ends before it
     */
    public Stream<E> takeWhile(Predicate<? super E> predicate) {
        return stream().takeWhile(predicate);
    }

    /**
     * Hands over events until the stream's time is over or it is closed.
     *
     * @param action receives them on this thread
     */
    public void forEach(Consumer<? super E> action) {
        stream().forEach(action);
    }

    /**
     * Events there was no room for.
     *
     * @return never falls
     * @throws UnsupportedOperationException if the buffer can't tell: see {@link RingBuffer#lost()}
     */
    public long lost() {
        return buffer.lost();
    }

    /** Closes the buffer, and so ends a stream that waits. Closing again does nothing. */
    @Override
    public void close() {
        buffer.close();
    }
}
