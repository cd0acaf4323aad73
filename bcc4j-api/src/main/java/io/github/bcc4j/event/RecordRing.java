package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The one ring of a ring buffer, in memory shared with the kernel: a page with the reader's position, a page with the writers', and the
 * records, mapped twice in a row so that none is ever in two pieces. {@link RingLoop} reads it.
 *
 * <p>One reader at a time. Source: the kernel's Documentation/bpf/ringbuf.rst.
 */
final class RecordRing implements Loop.Ring {
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

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

    MemorySegment data() {
        return data;
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

    /** Gives the room of what was read back to the kernel. */
    void give(long position) {
        POSITION.setRelease(reader, 0L, position);
    }

    /**
     * The same before one looks for records again. The kernel wakes only a reader who waits at the very record that is submitted, so
     * the position must be seen by then: volatile, not release.
     */
    void giveSeen(long position) {
        POSITION.setVolatile(reader, 0L, position);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }
}
