package io.github.bcc4j.event;

import io.github.bcc4j.BpfException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;

/**
 * Events read by a thread of its own, waiting in memory for those who take them: any number of threads. Events that wait here are out of
 * the kernel's buffer, which so stays free for bursts.
 *
 * @param <E> the event type
 */
public final class EventQueue<E> implements AutoCloseable {
    private final EventBuffer<E> buffer;
    private final int capacity;
    private final Overflow overflow;
    private final ArrayDeque<E> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean ended;
    private Throwable failure;

    EventQueue(EventBuffer<E> buffer, int capacity, Overflow overflow) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a queue has room for one event at least, not " + capacity);
        }
        this.buffer = buffer;
        this.capacity = capacity;
        this.overflow = overflow;
    }

    EventQueue<E> start() {
        Thread.ofPlatform().daemon().name("bcc4j " + buffer).start(this::read);
        return this;
    }

    private void read() {
        try {
            while (!isEnded()) {
                buffer.poll(Duration.ofDays(1), this::put);
            }
        } catch (Throwable e) {
            end(buffer.isClosed() ? null : e);
        }
    }

    private synchronized boolean isEnded() {
        ended |= buffer.isClosed();
        notifyAll();
        return ended;
    }

    private synchronized void end(Throwable why) {
        ended = true;
        failure = why;
        notifyAll();
    }

    private synchronized void put(E event) {
        try {
            while (overflow == Overflow.BLOCK && waiting.size() >= capacity && !ended && !buffer.isClosed()) {
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody should: this event is kept all the same
        }
        if (waiting.size() >= capacity && overflow != Overflow.BLOCK) {
            dropped++;
            if (overflow == Overflow.DROP_NEWEST) {
                return;
            }
            waiting.removeFirst();
        }
        waiting.addLast(event);
        notifyAll();
    }

    /**
     * Takes the next event.
     *
     * @param timeout how long to wait for it; zero not at all
     * @return the event, empty if none came in time, or there will be none as the buffer is closed
     * @throws BpfException if reading has failed, after the events from before
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized Optional<E> poll(Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (waiting.isEmpty() && !ended) {
            long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
            if (millis <= 0) {
                return Optional.empty();
            }
            wait(millis);
        }
        if (waiting.isEmpty() && failure != null) {
            throw new BpfException("reading " + buffer + " has failed: " + failure.getMessage(), null, failure);
        }
        Optional<E> next = Optional.ofNullable(waiting.pollFirst());
        notifyAll();
        return next;
    }

    /**
     * Takes all events that wait here.
     *
     * @param target receives them
     * @return how many
     */
    public synchronized int drainTo(Collection<? super E> target) {
        int n = waiting.size();
        target.addAll(waiting);
        waiting.clear();
        notifyAll();
        return n;
    }

    /**
     * Events that were dropped because this was full.
     *
     * @return never falls
     */
    public synchronized long dropped() {
        return dropped;
    }

    /**
     * Events there was no room for in the kernel's buffer.
     *
     * @return never falls
     * @throws UnsupportedOperationException if the buffer can't tell: see {@link RingBuffer#lost()}
     */
    public long lost() {
        return buffer.lost();
    }

    /** Closes the buffer and so ends reading; what waits here can still be taken. Closing again does nothing. */
    @Override
    public void close() {
        end(null);
        buffer.close();
    }
}
