package io.github.bcc4j.event;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * A {@code BPF_RINGBUF_OUTPUT}: one ring for all CPUs, with events in the order in which their room was reserved. Kernel floor: 5.8.
 *
 * <p>The kernel does not count what there was no room for: {@code ringbuf_output} returns an error and {@code ringbuf_reserve} null, and
 * the program must do so:
 *
 * {@snippet lang = c :
 * BPF_RINGBUF_OUTPUT(events, 64);
 * BPF_ARRAY(lost, u64, 1);
 * ...
 *     struct event *e = events.ringbuf_reserve(sizeof(*e));
 *     if (!e) {
 *         lost.atomic_increment(0);
 *         return 0;
 *     }
 * }
 *
 * <p>and in Java {@code events.countLost(() -> bpf.array("lost", Long.class).get(0))}.
 *
 * <p>A program that submits with {@code BPF_RB_NO_WAKEUP} wakes nobody; a waiting reader then finds its events a tenth of a second later
 * at most.
 *
 * @param <E> the event type
 */
public final class RingBuffer<E> extends EventBuffer<E> {
    private static final long PAGE = Linux.pageSize();
    private static final long LONGEST_NAP_MILLIS = 100;

    private final RecordRing ring;
    private volatile LongSupplier losses;

    private RingBuffer(KernelMap map, Codec<E> codec) {
        super("ring buffer", map.name(), codec, new RingLoop(), LONGEST_NAP_MILLIS);
        try {
            long size = Integer.toUnsignedLong(map.spec().maxEntries());
            MemorySegment reader = map(map.fd(), 0, PAGE, Linux.PROT_READ | Linux.PROT_WRITE, "the reader's page");
            MemorySegment rest = map(map.fd(), PAGE, PAGE + 2 * size, Linux.PROT_READ, "the ring");
            this.ring = new RecordRing(reader, rest, rest.asSlice(PAGE));
            watch(map.fd());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Maps the ring.
     *
     * @param map the ring buffer; stays its owner's
     * @param codec how an event is read
     * @param <E> the event type
     * @return the open buffer; there should be one reader of a ring in the whole system
     * @throws BpfSyscallException if the kernel refuses, with what would help
     */
    public static <E> RingBuffer<E> open(KernelMap map, Codec<E> codec) {
        return new RingBuffer<>(map, codec);
    }

    @Override
    int read(int limit, Delivery delivery) {
        return delivery.drain(ring, limit);
    }

    @Override
    void stop() {
        if (ring != null) {
            ring.stop();
        }
    }

    @Override
    void release() {}

    /**
     * Bytes of the ring. Each event takes 8 of them more than it has, rounded up to a multiple of 8.
     *
     * @return a power of two
     */
    public long capacity() {
        return ring.size();
    }

    /**
     * Bytes in the ring that were not read yet, those reserved but not submitted included.
     *
     * @return from 0 to {@link #capacity()}; another thread may change it at once
     * @throws IllegalStateException if the buffer is closed
     */
    public long available() {
        long consumed = consumerPosition(); // first: so the difference is not negative
        return producerPosition() - consumed;
    }

    /**
     * How far this reader has come.
     *
     * @return bytes since the ring was made; never falls
     * @throws IllegalStateException if the buffer is closed
     */
    public long consumerPosition() {
        checkOpen();
        return ring.consumed();
    }

    /**
     * How far the programs have come.
     *
     * @return bytes since the ring was made; never falls
     * @throws IllegalStateException if the buffer is closed
     */
    public long producerPosition() {
        checkOpen();
        return ring.produced();
    }

    /**
     * Says where the program counts the events it had no room for, so that {@link #lost()} and streams can tell.
     *
     * @param count gives how many so far, usually from a table
     * @return this
     */
    public RingBuffer<E> countLost(LongSupplier count) {
        losses = Objects.requireNonNull(count, "count");
        return this;
    }

    /**
     * Events there was no room for, as the program has counted them.
     *
     * @return never falls
     * @throws UnsupportedOperationException if it was not said where: {@link #countLost}
     */
    @Override
    public long lost() {
        if (losses == null) {
            throw new UnsupportedOperationException("the kernel does not count what " + this + " had no room for: let"
                    + " the program count failed reservations, and say where by countLost()");
        }
        return losses.getAsLong();
    }
}
