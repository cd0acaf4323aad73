package io.github.bcc4j.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader, by its common loop and by a route's own, against rings written here as the kernel writes them. */
@ParameterizedClass(name = "own loop: {0}")
@ValueSource(booleans = {false, true})
class CpuRingTest {
    private static final int PAGE = 4096;

    private final MemorySegment memory = Arena.ofAuto().allocate(2 * PAGE, 8);
    private final CpuRing ring = new CpuRing(3, memory, PAGE);
    private final Loop loop;
    private long head;

    CpuRingTest(boolean own) throws Exception {
        loop = own ? Route.copy(new PerfLoop(), Shape.BYTES) : new PerfLoop();
        assertThat(loop.getClass().isHidden()).isEqualTo(own);
    }

    private void put(byte b) {
        memory.set(ValueLayout.JAVA_BYTE, PAGE + head++ % PAGE, b);
    }

    private void put(long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            put((byte) (value >> 8 * i));
        }
    }

    /** A sample of the given payload, as perf_event_open(2) lays it out. */
    private void sample(long number, int payload) {
        put(9, 4);
        put(0, 2);
        put(8 + 4 + payload, 2);
        put(payload, 4);
        put(number, 8);
        put(0x55, payload - 8);
        publish();
    }

    private void lost(long count) {
        put(2, 4);
        put(0, 2);
        put(24, 2);
        put(77, 8);
        put(count, 8);
        publish();
    }

    private void publish() {
        memory.set(ValueLayout.JAVA_LONG, 1024, head);
    }

    private long tail() {
        return memory.get(ValueLayout.JAVA_LONG, 1032);
    }

    private List<Long> read(int limit) {
        List<Long> seen = new ArrayList<>();
        loop.drain(ring, limit, (cpu, segment, offset, size) -> {
            assertThat(cpu).isEqualTo(3);
            assertThat(size).isEqualTo(36);
            seen.add(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset));
        });
        return seen;
    }

    @Test
    void everySampleOnceAcrossManyTurnsOfTheRing() {
        long next = 0;
        for (int round = 0; round < 500; round++) {
            for (int i = 0; i < 7; i++) {
                sample(next + i, 36);
            }
            assertThat(read(Integer.MAX_VALUE))
                    .containsExactly(next, next + 1, next + 2, next + 3, next + 4, next + 5, next + 6);
            assertThat(tail()).isEqualTo(head);
            next += 7;
        }
        assertThat(head).isGreaterThan(40L * PAGE);
    }

    @Test
    void aLimitLeavesTheRest() {
        for (int i = 0; i < 5; i++) {
            sample(i, 36);
        }
        assertThat(read(2)).containsExactly(0L, 1L);
        assertThat(read(2)).containsExactly(2L, 3L);
        assertThat(read(2)).containsExactly(4L);
        assertThat(read(2)).isEmpty();
    }

    @Test
    void lossesAreCountedAndAreNoSamples() {
        sample(1, 36);
        lost(40);
        sample(2, 36);
        lost(2);
        assertThat(read(Integer.MAX_VALUE)).containsExactly(1L, 2L);
        assertThat(ring.lost()).isEqualTo(42);
    }

    @Test
    void aThrowingHandlerGivesItsSampleBackToTheKernelAndNoOther() {
        sample(1, 36);
        sample(2, 36);
        assertThatIllegalStateException()
                .isThrownBy(() -> loop.drain(ring, 9, (cpu, m, o, s) -> {
                    throw new IllegalStateException("first");
                }));
        assertThat(read(9)).containsExactly(2L);
    }

    @Test
    void samplesOfManySizesOneAfterTheOther() {
        List<Integer> sizes = List.of(12, 12, 20, 12, 36, 36, 28);
        for (int round = 0; round < 200; round++) {
            sizes.forEach(size -> sample(size, size));
            List<Long> seen = new ArrayList<>();
            int n = loop.drain(ring, Integer.MAX_VALUE, (cpu, segment, offset, size) -> {
                assertThat(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, offset)).isEqualTo(size);
                seen.add((long) size);
            });
            assertThat(n).isEqualTo(sizes.size());
            assertThat(seen).isEqualTo(sizes.stream().map(Integer::longValue).toList());
            assertThat(tail()).isEqualTo(head);
        }
    }

    @Test
    void stoppingEndsAReadAfterItsSample() {
        sample(1, 36);
        sample(2, 36);
        assertThat(loop.drain(ring, 9, (cpu, m, o, s) -> ring.stop())).isEqualTo(1);
        assertThat(tail()).isEqualTo(48);
        assertThat(read(9)).isEmpty();
    }

    @Test
    void nonsenseInTheRingIsAnErrorNotAnEndlessLoop() {
        put(9, 4);
        put(0, 4);
        publish();
        assertThatIllegalStateException()
                .isThrownBy(() -> read(9))
                .withMessage("perf ring of CPU 3 holds a record of 0 bytes");
    }
}
