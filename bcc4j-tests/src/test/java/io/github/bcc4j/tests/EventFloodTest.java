package io.github.bcc4j.tests;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.type.Unsigned;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * More events than small buffers hold, of random sizes and contents, while they are read: every byte of every event is compared, and what
 * arrives and what did not fit are all there was. The buffers turn round thousands of times, and the reader's loop is replaced by its own
 * in between.
 */
@Tag("native")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventFloodTest {
    private static final int TURNS = 100;
    private static final int EACH = 1_500; // of which some do not fit
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final int WORDS = 31;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private static final String TEXT = """
            struct event {
                u32 seq;
                u32 size;
                u64 words[31];
            };
            BPF_PERCPU_ARRAY(scratch, struct event, 1);
            BPF_ARRAY(state, u64, 2); // produced, refused
            BPF_PERF_OUTPUT(perf);
            BPF_RINGBUF_OUTPUT(ring, 64);

            static struct event *next(u64 **refused) {
                int zero = 0, one = 1;
                struct event *e = scratch.lookup(&zero);
                u64 *produced = state.lookup(&zero);
                *refused = state.lookup(&one);
                if (!e || !produced || !*refused)
                    return 0;
                u64 n = (*produced)++;
                e->seq = n;
                e->size = 16 + (n * 0x9E3779B97F4A7C15ULL >> 40) % 233;
                #pragma unroll
                for (int i = 0; i < 31; i++)
                    e->words[i] = (n + 1) * 0x9E3779B97F4A7C15ULL ^ i;
                return e;
            }
            int perf_any(struct __sk_buff *skb) {
                u64 *refused;
                struct event *e = next(&refused);
                if (!e)
                    return 0;
                u32 size = e->size;
                asm volatile("" : "+r"(size)); // or clang knows that it is less than 256, and the verifier is not told
                size &= 255;
                if (perf.perf_submit(skb, e, size))
                    (*refused)++;
                return 0;
            }
            int perf_whole(struct __sk_buff *skb) {
                u64 *refused;
                struct event *e = next(&refused);
                if (e && perf.perf_submit(skb, e, sizeof(*e)))
                    (*refused)++;
                return 0;
            }
            int ring_any(struct __sk_buff *skb) {
                u64 *refused;
                struct event *e = next(&refused);
                if (!e)
                    return 0;
                u32 size = e->size;
                asm volatile("" : "+r"(size)); // or clang knows that it is less than 256, and the verifier is not told
                size &= 255;
                if (ring.ringbuf_output(e, size, 0))
                    (*refused)++;
                return 0;
            }
            int ring_whole(struct __sk_buff *skb) {
                u64 *refused;
                struct event *e = next(&refused);
                if (e && ring.ringbuf_output(e, sizeof(*e), 0))
                    (*refused)++;
                return 0;
            }
            """;

    record Event(@Unsigned int seq, @Unsigned int size, long[] words) {}

    private BPF bpf;
    private BpfArray<Long> state;

    @BeforeAll
    void load() {
        bpf = BPF.fromSource(TEXT);
        state = bpf.array("state", Long.class);
    }

    @AfterAll
    void close() {
        bpf.close();
    }

    @BeforeEach
    void begin() {
        state.clear();
    }

    /** What is wrong with the events, and how many there were. */
    private static final class Check {
        private final Map<Integer, Long> last = new HashMap<>();
        private final boolean exactSize;
        private volatile long events; // one thread writes
        private volatile String wrong;

        /** A perf buffer's bytes are rounded up. */
        Check(boolean exactSize) {
            this.exactSize = exactSize;
        }

        void bytes(int cpu, MemorySegment memory, long offset, int size) {
            long seq = Integer.toUnsignedLong(memory.get(JAVA_INT_UNALIGNED, offset));
            int expected = (int) (16 + (seq * STEP >>> 40) % 233) & 255;
            header(cpu, seq, memory.get(JAVA_INT_UNALIGNED, offset + 4));
            expect(size == expected || !exactSize && size > expected && size < expected + 8, "size of", seq);
            for (int at = 8; at + 8 <= expected; at += 8) {
                expect(memory.get(JAVA_LONG_UNALIGNED, offset + at) == word(seq, at / 8 - 1), "word in", seq);
            }
        }

        void event(int cpu, Event event) {
            long seq = Integer.toUnsignedLong(event.seq);
            header(cpu, seq, event.size);
            for (int i = 0; i < WORDS; i++) {
                expect(event.words[i] == word(seq, i), "word in", seq);
            }
        }

        private static long word(long seq, int i) {
            return (seq + 1) * STEP ^ i;
        }

        private void header(int cpu, long seq, int size) {
            events++;
            expect(size == 16 + (seq * STEP >>> 40) % 233, "header of", seq);
            Long before = last.put(cpu, seq);
            expect(before == null || before < seq, "order of", seq);
        }

        private void expect(boolean right, String what, long seq) {
            if (!right && wrong == null) {
                wrong = what + " event " + seq + ", the " + events + "th read";
            }
        }
    }

    /** Waits for events and has them checked; how many there were. */
    private interface Reader {
        int poll(Check check);
    }

    /** Reads while the program runs, until nothing comes any more. */
    private void flood(String program, EventBuffer<?> events, Reader reader) throws Exception {
        boolean perf = events instanceof PerfBuffer;
        Check check = new Check(!perf);
        BpfProgram produce = bpf.program(program, ProgramType.SCHED_CLS);
        CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < TURNS; i++) {
                produce.testRun(new byte[64], EACH);
                while (check.events + state.get(1) < state.get(0) && check.wrong == null) {
                    LockSupport.parkNanos(10_000);
                }
            }
        });
        for (int n = 1; n > 0 || !producer.isDone(); ) {
            n = reader.poll(check);
        }
        producer.get();
        assertThat(check.wrong).isNull();
        assertThat(state.get(0)).isEqualTo((long) TURNS * EACH);
        assertThat(check.events + state.get(1)).isEqualTo(state.get(0));
        assertThat(check.events).isGreaterThan(60_000); // so that the reader has got its own loop on the way
        if (perf) {
            assertThat(events.lost()).isLessThanOrEqualTo(state.get(1)); // the last losses come with the next event
        }
    }

    @Test
    void perfBuffersGiveEveryByte() throws Exception {
        try (PerfBuffer<byte[]> events = bpf.perfBuffer("perf", byte[].class, new PerfBufferOptions(64, 1))) {
            flood("perf_any", events, check -> events.pollRaw(PATIENCE, check::bytes));
        }
    }

    @Test
    void perfBuffersGiveEveryMember() throws Exception {
        try (PerfBuffer<Event> events = bpf.perfBuffer("perf", Event.class, new PerfBufferOptions(64, 1))) {
            flood("perf_whole", events, check -> events.poll(PATIENCE, check::event));
        }
    }

    @Test
    void ringBuffersGiveEveryByte() throws Exception {
        try (RingBuffer<byte[]> events = bpf.ringBuffer("ring", byte[].class)) {
            flood("ring_any", events, check -> events.pollRaw(PATIENCE, check::bytes));
        }
    }

    @Test
    void ringBuffersGiveEveryMember() throws Exception {
        try (RingBuffer<Event> events = bpf.ringBuffer("ring", Event.class)) {
            flood("ring_whole", events, check -> events.poll(PATIENCE, e -> check.event(-1, e)));
        }
    }
}
