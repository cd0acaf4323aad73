package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/** Goes through the records of a CPU's perf ring. Source: perf_event_open(2), "MMAP layout". */
final class PerfLoop implements Loop {
    private static final int RECORD_LOST = 2;
    private static final int RECORD_SAMPLE = 9;
    private static final int HEADER = 8;

    /** Between a sample's header and its payload is the payload's size, which always is all the rest. */
    private static final int PAYLOAD = HEADER + 4;

    private static final Shape SHAPE = Shape.of(MethodHandles.lookup());

    @Override
    public int drain(Ring from, int limit, RawEventHandler handler) {
        CpuRing ring = (CpuRing) from;
        MemorySegment data = ring.data();
        long length = data.byteSize();
        long head = ring.head();
        int n = 0;
        for (long tail = ring.tail(); tail < head && n < limit && !ring.isStopped(); tail = ring.tail()) {
            long at = tail & length - 1;
            long header = data.get(JAVA_LONG_UNALIGNED, at); // a type of 4 bytes, flags of 2, the record's size of 2
            int size = (int) (header >>> 48);
            if (size < HEADER) {
                throw ring.impossible(size);
            }
            if ((int) header == RECORD_SAMPLE && at + size <= length) {
                n += alike(ring, head, header, limit - n, handler);
            } else {
                n += other(ring, at, header, handler);
            }
        }
        return n;
    }

    /**
     * Goes over samples with the same header, each in one piece. As their size is known, the processor need not wait for one header
     * to know where the next is, which takes most of the time where another core has just written them.
     */
    @SuppressWarnings("unchecked")
    private static int alike(CpuRing ring, long head, long header, int limit, RawEventHandler handler) {
        MemorySegment data = ring.data();
        long length = data.byteSize();
        int cpu = ring.cpu();
        int size = (int) (header >>> 48);
        int bytes = size - PAYLOAD;
        Object events = handler instanceof Decoder decoder ? decoder.handler() : null;
        long tail = ring.tail();
        int n = 0;
        try {
            while (tail < head && n < limit && !ring.isStopped()) {
                long at = tail & length - 1;
                if (at + size > length || data.get(JAVA_LONG_UNALIGNED, at) != header) {
                    break;
                }
                tail += size;
                n++;
                if (!SHAPE.reads(bytes)) {
                    handler.event(cpu, data, at + PAYLOAD, bytes);
                } else if (SHAPE.alsoCpu()) {
                    ((EventHandler<Object>) events).event(cpu, SHAPE.read(data, at + PAYLOAD));
                } else {
                    ((Consumer<Object>) events).accept(SHAPE.read(data, at + PAYLOAD));
                }
            }
        } catch (Throwable t) {
            throw Shape.thrown(t);
        } finally {
            ring.give(tail);
        }
        return n;
    }

    /** Goes over a record that is no sample, or runs over the end of the ring. */
    private static int other(CpuRing ring, long at, long header, RawEventHandler handler) {
        int size = (int) (header >>> 48);
        MemorySegment record = ring.copy(at, size);
        ring.give(ring.tail() + size);
        if ((int) header == RECORD_LOST) {
            ring.lose(record.get(JAVA_LONG_UNALIGNED, HEADER + 8));
        }
        if ((int) header != RECORD_SAMPLE) {
            return 0;
        }
        handler.event(ring.cpu(), record, PAYLOAD, size - PAYLOAD);
        return 1;
    }
}
