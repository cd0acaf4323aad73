package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The one ring of a ring buffer, in memory shared with the kernel: a page with the reader's position, a page with the writers', and the
 * records, mapped twice in a row so that none is ever in two pieces.
 *
 * <p>One reader at a time. Source: the kernel's Documentation/bpf/ringbuf.rst.
 */
final class RecordRing {
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;
    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();

    private final MemorySegment reader;
    private final MemorySegment writers;
    private final MemorySegment data;
    private final long size;
    private volatile boolean stopped;

    /** The data is twice as long as the ring, whose size is a power of two. */
    RecordRing(MemorySegment reader, MemorySegment writers, MemorySegment data) {
        this.reader = reader;
        this.writers = writers;
        this.data = data;
        this.size = data.byteSize() / 2;
    }

    long size() {
        return size;
    }

    long produced() {
        return (long) POSITION.getAcquire(writers, 0L);
    }

    long consumed() {
        return (long) POSITION.getAcquire(reader, 0L);
    }

    /** Ends a reading under way after its current record; there will be no other. */
    void stop() {
        stopped = true;
    }

    /** Gives up to {@code limit} records to the handler and their room back to the kernel, also if the handler throws. */
    int consume(int limit, RawEventHandler handler) {
        int n;
        long before;
        do { // discarded records alone are nothing to return for, but the kernel may have added others meanwhile
            before = consumed();
            n = pass(limit, handler);
        } while (n == 0 && !stopped && consumed() != before);
        return n;
    }

    private int pass(int limit, RawEventHandler handler) {
        long at = consumed();
        long end = produced();
        long given = at;
        int n = 0;
        try {
            while (at < end && n < limit && !stopped) {
                long offset = at & size - 1;
                int length = (int) LENGTH.getAcquire(data, offset);
                if (length < 0) {
                    break; // BUSY, bit 31: reserved but not submitted, and so are all behind it for the reader
                }
                int bytes = length & ~DISCARDED;
                at += bytes + HEADER + 7 & ~7L;
                if (bytes == length) {
                    n++;
                    handler.event(-1, data, offset + HEADER, bytes);
                }
                if (at - given >= size / 8) { // a slow handler must not keep the ring full for long
                    POSITION.setRelease(reader, 0L, at);
                    given = at;
                }
            }
        } finally {
            // The kernel wakes only a reader who waits at the very record that is submitted. So the position must be
            // seen before this looks for records again: volatile, not release.
            POSITION.setVolatile(reader, 0L, at);
        }
        return n;
    }
}
