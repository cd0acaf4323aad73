package io.github.bcc4j.event;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/** Goes through the records of a ring buffer. Source: the kernel's Documentation/bpf/ringbuf.rst. */
final class RingLoop implements Loop {
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;
    private static final Shape SHAPE = Shape.of(MethodHandles.lookup());

    @Override
    public int drain(Ring from, int limit, RawEventHandler handler) {
        RecordRing ring = (RecordRing) from;
        int n;
        long before;
        do { // discarded records alone are nothing to return for, but the kernel may have added others meanwhile
            before = ring.consumed();
            n = pass(ring, limit, handler);
            ring.giveSeen(ring.consumed());
        } while (n == 0 && !ring.isStopped() && ring.consumed() != before);
        return n;
    }

    private static int pass(RecordRing ring, int limit, RawEventHandler handler) {
        long end = ring.produced();
        int n = 0;
        for (long at = ring.consumed(); at < end && n < limit && !ring.isStopped(); at = ring.consumed()) {
            int length = length(ring.data(), at & ring.size() - 1);
            if (length < 0) {
                break; // BUSY, bit 31: reserved but not submitted, and so are all behind it for the reader
            }
            if ((length & DISCARDED) == 0) {
                n += alike(ring, end, length, limit - n, handler);
            } else {
                ring.give(at + step(length & ~DISCARDED));
            }
        }
        return n;
    }

    /** Records begin at multiples of 8. */
    private static int step(int length) {
        return length + HEADER + 7 & ~7;
    }

    /** A record's length and flags, which are written after all else of it. */
    private static int length(MemorySegment data, long offset) {
        int length = data.get(JAVA_INT_UNALIGNED, offset);
        VarHandle.acquireFence();
        return length;
    }

    /**
     * Goes over records of the same length. As it is known, the processor need not wait for one header to know where the next is, which
     * takes most of the time where another core has just written them.
     */
    @SuppressWarnings("unchecked")
    private static int alike(RecordRing ring, long end, int length, int limit, RawEventHandler handler) {
        MemorySegment data = ring.data();
        long size = ring.size();
        int step = step(length);
        Object events = handler instanceof Decoder decoder ? decoder.handler() : null;
        long at = ring.consumed();
        long enough = at + size / 8; // a slow handler must not keep the ring full for long
        int n = 0;
        try {
            while (at < end && at < enough && n < limit && !ring.isStopped()) {
                long offset = at & size - 1;
                if (length(data, offset) != length) {
                    break;
                }
                at += step;
                n++;
                if (!SHAPE.reads(length)) {
                    handler.event(-1, data, offset + HEADER, length);
                } else if (SHAPE.alsoCpu()) {
                    ((EventHandler<Object>) events).event(-1, SHAPE.read(data, offset + HEADER));
                } else {
                    ((Consumer<Object>) events).accept(SHAPE.read(data, offset + HEADER));
                }
            }
        } catch (Throwable t) {
            throw Shape.thrown(t);
        } finally {
            ring.give(at);
        }
        return n;
    }
}
