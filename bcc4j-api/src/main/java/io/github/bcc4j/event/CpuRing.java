package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * One CPU's ring of perf records, in memory shared with the kernel: a page of bookkeeping, then the records, for {@link PerfLoop} to read.
 *
 * <p>One reader at a time. Source: {@code struct perf_event_mmap_page}.
 */
final class CpuRing implements Loop.Ring {
    private static final long DATA_HEAD = 1024;
    private static final long DATA_TAIL = 1032;
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    private final int cpu;
    private final MemorySegment control;
    private final MemorySegment data;
    private MemorySegment copied = MemorySegment.NULL;
    private long lost;
    private volatile boolean stopped;

    /** The first {@code pageSize} bytes of the memory are the bookkeeping; the rest, a power of two, the records. */
    CpuRing(int cpu, MemorySegment memory, long pageSize) {
        this.cpu = cpu;
        this.control = memory.asSlice(0, pageSize);
        this.data = memory.asSlice(pageSize);
    }

    int cpu() {
        return cpu;
    }

    MemorySegment data() {
        return data;
    }

    /** Where the kernel will write next, in bytes since the ring was made: what is before it can be read. */
    long head() {
        return (long) POSITION.getAcquire(control, DATA_HEAD);
    }

    /** How far reading has come. */
    long tail() {
        return (long) POSITION.get(control, DATA_TAIL);
    }

    /** Gives the room of what was read back to the kernel. */
    void give(long tail) {
        POSITION.setRelease(control, DATA_TAIL, tail);
    }

    /** Samples the kernel had no room for, as far as the reader has come to know. */
    long lost() {
        return lost;
    }

    void lose(long samples) {
        lost += samples;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    IllegalStateException impossible(int size) {
        return new IllegalStateException("perf ring of CPU " + cpu + " holds a record of " + size + " bytes");
    }

    /** A record in one piece, also if it runs over the end of the ring. Records are at most 64 KiB. */
    MemorySegment copy(long at, int size) {
        if (copied.byteSize() == 0) {
            copied = Arena.ofAuto().allocate(1 << 16, 8);
        }
        long first = Math.min(size, data.byteSize() - at);
        MemorySegment.copy(data, at, copied, 0, first);
        MemorySegment.copy(data, 0, copied, first, size - first);
        return copied;
    }
}
