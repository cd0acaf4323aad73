package io.github.bcc4j.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader, by its common loop and by a route's own, against rings written here as the kernel writes them. */
@ParameterizedClass(name = "own loop: {0}")
@ValueSource(booleans = {false, true})
class RecordRingTest {
    private static final int SIZE = 4096;
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;

    private final MemorySegment reader = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment writers = Arena.ofAuto().allocate(8, 8);
    private final MemorySegment data = Arena.ofAuto().allocate(2 * SIZE, 8);
    private final RecordRing ring = new RecordRing(reader, writers, data);
    private final Loop loop;
    private long head;

    RecordRingTest(boolean own) throws Exception {
        loop = own ? Route.copy(new RingLoop(), Shape.BYTES) : new RingLoop();
        assertThat(loop.getClass().isHidden()).isEqualTo(own);
    }

    /** Both images of the ring at once, as the kernel's mapping has them. */
    private void put(long position, byte b) {
        data.set(ValueLayout.JAVA_BYTE, position % SIZE, b);
        data.set(ValueLayout.JAVA_BYTE, position % SIZE + SIZE, b);
    }

    private void header(long position, int length) {
        for (int i = 0; i < 4; i++) {
            put(position + i, (byte) (length >>> 8 * i));
        }
    }

    /** Reserves room, fills it, and leaves it in a state; returns where it is. */
    private long record(int flags, byte... payload) {
        long at = head;
        assertThat(at + payload.length + 15 & ~7).isLessThanOrEqualTo(tail() + SIZE);
        header(at, payload.length | flags);
        for (int i = 0; i < payload.length; i++) {
            put(at + 8 + i, payload[i]);
        }
        head = at + 8 + payload.length + 7 & ~7L;
        writers.set(ValueLayout.JAVA_LONG, 0, head);
        return at;
    }

    private long tail() {
        return reader.get(ValueLayout.JAVA_LONG, 0);
    }

    private List<byte[]> read(int limit) {
        List<byte[]> seen = new ArrayList<>();
        int n = loop.drain(ring, limit, (cpu, memory, offset, size) -> {
            assertThat(cpu).isEqualTo(-1);
            seen.add(memory.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE));
        });
        assertThat(n).isEqualTo(seen.size());
        return seen;
    }

    @Test
    void everyByteOfEveryRecordAcrossManyTurnsOfTheRing() {
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 3000; round++) {
            List<byte[]> expected = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                byte[] payload = new byte[random.nextInt(1, 900)];
                random.nextBytes(payload);
                boolean discarded = random.nextInt(5) == 0;
                record(discarded ? DISCARDED : 0, payload);
                if (!discarded) {
                    expected.add(payload);
                }
            }
            assertThat(read(Integer.MAX_VALUE))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(expected);
            assertThat(tail()).isEqualTo(head);
            assertThat(ring.produced() - ring.consumed()).isZero();
        }
        assertThat(head).isGreaterThan(500L * SIZE);
    }

    @Test
    void aBusyRecordHidesThoseBehindItUntilItIsSubmitted() {
        record(0, (byte) 1);
        long busy = record(BUSY, (byte) 2);
        record(0, (byte) 3);
        assertThat(read(9)).containsExactly(new byte[] {1});
        assertThat(tail()).isEqualTo(busy);
        assertThat(read(9)).isEmpty();
        header(busy, 1);
        assertThat(read(9)).containsExactly(new byte[] {2}, new byte[] {3});
        assertThat(tail()).isEqualTo(head);
    }

    @Test
    void aDiscardedRecordIsNoEventAndItsRoomIsGivenBack() {
        record(DISCARDED, (byte) 1);
        record(DISCARDED, (byte) 2);
        assertThat(read(9)).isEmpty();
        assertThat(tail()).isEqualTo(head);
        long busy = record(BUSY, (byte) 3);
        header(busy, 1 | DISCARDED);
        record(0, (byte) 4);
        assertThat(read(9)).containsExactly(new byte[] {4});
    }

    @Test
    void aLimitLeavesTheRest() {
        for (byte i = 0; i < 5; i++) {
            record(0, i);
        }
        assertThat(read(2)).containsExactly(new byte[] {0}, new byte[] {1});
        assertThat(read(2)).containsExactly(new byte[] {2}, new byte[] {3});
        assertThat(read(2)).containsExactly(new byte[] {4});
        assertThat(read(2)).isEmpty();
    }

    @Test
    void aThrowingHandlerGivesItsRecordBackToTheKernelAndNoOther() {
        record(0, (byte) 1);
        record(0, (byte) 2);
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.drain(ring, 9, (cpu, m, o, s) -> {
                    throw new IllegalStateException("first");
                }));
        assertThat(read(9)).containsExactly(new byte[] {2});
    }

    @Test
    void aLongReadGivesRoomBackOnItsWay() {
        byte[] payload = new byte[SIZE / 16 - 8];
        for (int i = 0; i < 16; i++) {
            record(0, payload);
        }
        List<Long> tails = new ArrayList<>();
        loop.drain(ring, Integer.MAX_VALUE, (cpu, m, o, s) -> tails.add(tail()));
        assertThat(tails.getLast()).isGreaterThanOrEqualTo(SIZE * 3L / 4);
    }

    @Test
    void stoppingEndsAReadAfterItsRecord() {
        record(0, (byte) 1);
        record(0, (byte) 2);
        assertThat(loop.drain(ring, 9, (cpu, m, o, s) -> ring.stop())).isEqualTo(1);
        assertThat(read(9)).isEmpty();
    }
}
