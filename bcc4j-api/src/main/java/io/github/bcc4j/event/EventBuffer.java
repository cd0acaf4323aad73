package io.github.bcc4j.event;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Events that programs hand over in memory shared with the kernel, read from where they lie: no copy but the event itself, no native
 * callback. Either a {@link PerfBuffer} or a {@link RingBuffer}.
 *
 * <p>Thread-safe: one thread reads at a time, others wait for it. {@link #close()} interrupts a waiting reader.
 *
 * @param <E> the event type
 */
public abstract sealed class EventBuffer<E> implements AutoCloseable permits PerfBuffer, RingBuffer {
    private final String name;
    private final String what;
    private final Routes routes;
    private final long longestNap;
    private final Arena memory = Arena.ofShared();
    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean everyoneKnows;
    private final List<Runnable> closings = new CopyOnWriteArrayList<>();
    private final Fd epoll;
    private final Fd wakeUp;

    EventBuffer(String kind, String name, Codec<E> codec, Loop loop, long longestNapMillis) {
        this.name = name;
        this.what = kind + " \"" + name + '"';
        this.routes = new Routes(loop, what, codec);
        this.longestNap = longestNapMillis;
        this.epoll = Fd.own(check(Linux.epollCreate(), "epoll"), what);
        this.wakeUp = Fd.own(check(Linux.eventFd(), "eventfd"), what);
        watch(wakeUp.number());
    }

    /** Delivers events that are there, called by one thread at a time and not after {@link #release}. */
    abstract int read(int limit, Delivery delivery);

    /** Ends a reading under way after its current event; there will be no other. */
    abstract void stop();

    /** Gives back what the kernel holds for this buffer. */
    abstract void release();

    /** Does something once this is closed, or at once if it is. */
    final void whenClosed(Runnable action) {
        closings.add(action);
        if (closed.get()) {
            action.run();
        }
    }

    final Fd epoll() {
        return epoll;
    }

    /** How long a reader may wait at most before it looks for itself, in milliseconds. */
    final long longestNap() {
        return longestNap;
    }

    final void watch(int fd) {
        check(Linux.epollAdd(epoll.number(), fd, 0), "watch");
    }

    /** The memory of pages shared with the kernel, until this is closed and nobody reads. */
    final MemorySegment map(int fd, long offset, long length, int protection, String pages) {
        long address = Linux.mmap(fd, offset, length, protection);
        check(address < 0 && address > -4096 ? (int) address : 0, "map " + pages);
        return Linux.mapped(address, length, memory);
    }

    final int check(int result, String tried) {
        if (result < 0) {
            String hint = switch (-result) {
                case Errno.EPERM, Errno.EACCES -> Privileges.explainEperm("open a buffer of events", -result);
                case Errno.ENOMEM -> "fewer pages, or a higher kernel.perf_event_mlock_kb";
                case Errno.EMFILE -> "the process has no descriptor left: raise ulimit -n";
                default -> null;
            };
            throw new BpfSyscallException(what + ": " + tried, -result, hint);
        }
        return result;
    }

    /**
     * The buffer's name.
     *
     * @return as in the C text
     */
    public String name() {
        return name;
    }

    /**
     * Waits for events and gives all that are there to the handler.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param handler receives them on this thread; what it throws reaches the caller, the event then counts as delivered
     * @return how many, 0 if none came in time or the buffer was closed meanwhile
     * @throws IllegalStateException if the buffer is closed already
     */
    public int poll(Duration timeout, Consumer<? super E> handler) {
        return deliver(timeout, delivery(handler));
    }

    /**
     * Waits for events and gives the bytes of all that are there to the handler.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed already
     */
    public int pollRaw(Duration timeout, RawEventHandler handler) {
        return deliver(timeout, routes.ofBytes(handler));
    }

    final int deliver(Duration timeout, Delivery delivery) {
        long deadline = System.nanoTime() + timeout.toNanos();
        int n = deliver(Integer.MAX_VALUE, delivery);
        while (n == 0 && await(deadline)) {
            n = readUnlessClosed(Integer.MAX_VALUE, delivery);
        }
        return n;
    }

    /**
     * Gives events that are there to the handler, without waiting.
     *
     * @param limit how many at most
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed
     */
    public int consume(int limit, Consumer<? super E> handler) {
        return deliver(limit, delivery(handler));
    }

    /**
     * Gives the bytes of events that are there to the handler, without waiting.
     *
     * @param limit how many at most
     * @param handler receives them on this thread
     * @return how many
     * @throws IllegalStateException if the buffer is closed
     */
    public int consumeRaw(int limit, RawEventHandler handler) {
        return deliver(limit, routes.ofBytes(handler));
    }

    final int deliver(int limit, Delivery delivery) {
        checkOpen();
        return readUnlessClosed(limit, delivery);
    }

    final void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException(what + " is closed");
        }
    }

    final Delivery delivery(Consumer<? super E> handler) {
        return routes.ofEvents(handler, false);
    }

    final Delivery delivery(EventHandler<? super E> handler) {
        return routes.ofEvents(handler, true);
    }

    final int readUnlessClosed(int limit, Delivery delivery) {
        return exclusively(() -> closed.get() ? 0 : read(limit, delivery));
    }

    /** Lets no other thread read meanwhile. */
    final int exclusively(IntSupplier action) {
        reading.lock();
        try {
            return action.getAsInt();
        } finally {
            leave();
        }
    }

    /** Waits until there may be something to read: false when the time is over (after one last look) or the buffer is closed. */
    private boolean await(long deadline) {
        long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
        if (closed.get() || millis <= 0) {
            return false;
        }
        try {
            // The descriptor that wakes is held while this waits: one that is closed can't wake anybody.
            wakeUp.call(w -> epoll.call(fd -> Linux.epollWait(fd, new int[8], (int) Math.min(millis, longestNap))));
        } catch (IllegalStateException e) {
            return false; // closed in between
        }
        return true;
    }

    /** Waits for one event; false when the deadline is over or the buffer is closed. */
    final boolean take(long deadline, Consumer<? super E> action) {
        Delivery delivery = delivery(action);
        boolean again = true;
        while (again && !closed.get()) {
            if (readUnlessClosed(1, delivery) == 1) {
                return true;
            }
            again = await(deadline);
        }
        return false;
    }

    /**
     * The events as a stream that waits for more until it or this buffer is closed. Events not taken from the stream stay in the
     * buffer.
     *
     * @return a stream to close
     */
    public EventStream<E> stream() {
        return new EventStream<>(this);
    }

    /**
     * Reads events on a thread of its own into a queue in memory.
     *
     * @param capacity how many events may wait there
     * @param overflow what to do when it is full
     * @return the queue, to be closed; it closes this with it
     */
    public EventQueue<E> queue(int capacity, Overflow overflow) {
        return new EventQueue<>(this, capacity, overflow).start();
    }

    /**
     * The events for a subscriber, one at a time, read on a thread of its own as it asks for them. What it does not ask for waits in
     * the kernel's buffer; when that is full the kernel drops the newest, and {@link #lost()} tells.
     *
     * @return completes when this buffer is closed; a failure to read, or of the subscriber, is its last signal
     */
    public Flow.Publisher<E> publisher() {
        return new EventPublisher<>(this);
    }

    /**
     * Events there was no room for, as far as is known by now.
     *
     * @return never falls
     */
    public abstract long lost();

    /**
     * Whether {@link #close()} was called.
     *
     * @return true from then on
     */
    public boolean isClosed() {
        return closed.get();
    }

    /** Ends reading, also of a thread that waits in it, and gives the memory back. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        stop();
        wakeUp.call(Linux::signal);
        closings.forEach(Runnable::run);
        everyoneKnows = true;
        reading.lock();
        leave();
    }

    /** Unlocks; the last reader of a closed buffer, possibly a handler that closed it, gives the memory back. */
    private void leave() {
        if (everyoneKnows && reading.getHoldCount() == 1 && memory.scope().isAlive()) {
            release();
            epoll.close();
            wakeUp.close();
            memory.close();
        }
        reading.unlock();
    }

    @Override
    public String toString() {
        return what;
    }
}
