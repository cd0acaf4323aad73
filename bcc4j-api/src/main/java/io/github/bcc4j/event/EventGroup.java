package io.github.bcc4j.event;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Several buffers read by one thread, with one wait for all of them:
 *
 * {@snippet :
 * try (EventGroup group = new EventGroup()) {
 *     group.add(opens, e -> System.out.println(e.file()));
 *     group.add(execs, e -> System.out.println(e.command()));
 *     group.run();
 * }
 * }
 *
 * <p>Thread-safe; {@link #close()} ends a thread that waits.
 */
public final class EventGroup implements AutoCloseable {
    private record Member(EventBuffer<?> buffer, Delivery delivery) {}

    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final Fd epoll = Fd.own(check(Linux.epollCreate(), "epoll"), "group of buffers");
    private final Fd wakeUp = Fd.own(check(Linux.eventFd(), "eventfd"), "group of buffers");
    private volatile boolean closed;

    /** A group without buffers. */
    public EventGroup() {
        check(Linux.epollAdd(epoll.number(), wakeUp.number(), 0), "watch");
    }

    private static int check(int result, String tried) {
        if (result < 0) {
            throw new BpfSyscallException("group of buffers: " + tried, -result, null);
        }
        return result;
    }

    /**
     * Adds a buffer. Once it is closed it is no part of the group any more.
     *
     * @param buffer the buffer, which others should not read
     * @param handler receives its events on the thread that reads the group; what it throws reaches the caller of {@link #poll}
     * @param <E> the event type
     * @return this
     * @throws IllegalStateException if the buffer or this is closed
     */
    public <E> EventGroup add(EventBuffer<E> buffer, Consumer<? super E> handler) {
        checkOpen();
        epoll.call(group -> buffer.epoll().call(fd -> check(Linux.epollAdd(group, fd, 0), "watch " + buffer)));
        members.add(new Member(buffer, buffer.delivery(handler)));
        buffer.whenClosed(this::wake); // its own descriptors vanish from the set without a word
        wake(); // a waiting reader may now have to look more often
        return this;
    }

    private void wake() {
        try {
            wakeUp.call(Linux::signal);
        } catch (IllegalStateException e) {
            // this is closed: nobody waits
        }
    }

    /**
     * Waits for events of any buffer and gives all that are there to their handlers.
     *
     * @param timeout how long to wait for the first; zero not at all
     * @return how many, 0 if none came in time or this was closed meanwhile
     * @throws IllegalStateException if this is closed already
     */
    public int poll(Duration timeout) {
        checkOpen();
        long deadline = System.nanoTime() + timeout.toNanos();
        int n = read();
        while (n == 0 && await(deadline)) {
            n = read();
        }
        return n;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("group of buffers is closed");
        }
    }

    private int read() {
        int n = 0;
        for (Member m : members) {
            if (m.buffer.isClosed()) {
                members.remove(m);
            } else if (!closed) {
                n += m.buffer.readUnlessClosed(Integer.MAX_VALUE, m.delivery);
            }
        }
        return n;
    }

    private boolean await(long deadline) {
        long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
        long nap = members.stream().mapToLong(m -> m.buffer.longestNap()).min().orElse(Integer.MAX_VALUE);
        if (millis <= 0 || closed || members.isEmpty()) {
            return false;
        }
        try {
            // The descriptor that wakes is held while this waits: one that is closed can't wake anybody.
            wakeUp.call(w -> epoll.call(fd -> Linux.epollWait(fd, new int[8], (int) Math.min(millis, nap))));
            wakeUp.call(Linux::drain); // before looking at what it was for: whoever signals, signals last
        } catch (IllegalStateException e) {
            return false; // closed in between
        }
        return !closed;
    }

    /** Reads until this is closed, or every buffer is. */
    public void run() {
        while (!closed && members.stream().anyMatch(m -> !m.buffer.isClosed())) {
            int n = read();
            if (n == 0) {
                await(System.nanoTime() + Duration.ofDays(1).toNanos());
            }
        }
    }

    /** Ends reading. The buffers stay open. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wake();
            epoll.close();
            wakeUp.close();
        }
    }
}
