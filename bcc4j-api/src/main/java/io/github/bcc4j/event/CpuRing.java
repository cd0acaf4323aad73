package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * One CPU's ring of perf records, in memory shared with the kernel: a page of bookkeeping, then the records.
 *
 * <p>One reader at a time. Source: {@code struct perf_event_mmap_page} and perf_event_open(2), "MMAP layout".
 */
final class CpuRing {
    private static final int RECORD_LOST = 2;
    private static final int RECORD_SAMPLE = 9;
    private static final int HEADER = 8;
    private static final long DATA_HEAD = 1024;
    private static final long DATA_TAIL = 1032;
    private static final VarHandle POSITION = JAVA_LONG.varHandle();

    private final int cpu;
    private final MemorySegment control;
    private final MemorySegment data;
    private final long mask;
    private MemorySegment joined = MemorySegment.NULL;
    private long lost;
    private volatile boolean stopped;

    /** The first {@code pageSize} bytes of the memory are the bookkeeping; the rest, a power of two, the records. */
    CpuRing(int cpu, MemorySegment memory, long pageSize) {
        this.cpu = cpu;
        this.control = memory.asSlice(0, pageSize);
        this.data = memory.asSlice(pageSize);
        this.mask = data.byteSize() - 1;
    }

    int cpu() {
        return cpu;
    }

    /** Samples the kernel had no room for, as far as this reader has come to know. */
    long lost() {
        return lost;
    }

    /** Ends a reading under way after its current event; there will be no other. */
    void stop() {
        stopped = true;
    }

    /** Gives up to {@code limit} samples to the handler and their room back to the kernel, also if the handler throws. */
    int consume(int limit, RawEventHandler handler) {
        long head = (long) POSITION.getAcquire(control, DATA_HEAD);
        long tail = (long) POSITION.get(control, DATA_TAIL);
        int samples = 0;
        try {
            while (tail < head && samples < limit && !stopped) {
                long at = tail & mask;
                int type = data.get(JAVA_INT_UNALIGNED, at);
                int size = Short.toUnsignedInt(data.get(JAVA_SHORT_UNALIGNED, at + 6));
                if (size < HEADER) {
                    throw new IllegalStateException(
                            "perf ring of CPU " + cpu + " holds a record of " + size + " bytes");
                }
                MemorySegment memory = data;
                if (at + size > data.byteSize()) {
                    memory = join(at, size);
                    at = 0;
                }
                tail += size;
                if (type == RECORD_SAMPLE) {
                    samples++;
                    handler.event(cpu, memory, at + HEADER + 4, memory.get(JAVA_INT_UNALIGNED, at + HEADER));
                } else if (type == RECORD_LOST) {
                    lost += memory.get(JAVA_LONG_UNALIGNED, at + HEADER + 8);
                }
            }
        } finally {
            POSITION.setRelease(control, DATA_TAIL, tail);
        }
        return samples;
    }

    /** A record that runs over the end of the ring, in one piece. Records are at most 64 KiB. */
    private MemorySegment join(long at, int size) {
        if (joined.byteSize() == 0) {
            joined = Arena.ofAuto().allocate(1 << 16, 8);
        }
        long first = data.byteSize() - at;
        MemorySegment.copy(data, at, joined, 0, first);
        MemorySegment.copy(data, 0, joined, first, size - first);
        return joined;
    }
}
