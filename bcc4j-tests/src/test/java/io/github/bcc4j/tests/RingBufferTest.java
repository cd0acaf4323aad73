package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.EventStream;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.type.LayoutMismatchException;
import io.github.bcc4j.type.Unsigned;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ring buffers on the running kernel, filled by programs that are run as often as the test says. */
@Tag("native")
class RingBufferTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Outputs a numbered event, and counts those there was no room for. */
    private static final String OUTPUT = """
            struct event { u32 pid; u64 n; char comm[16]; };
            BPF_ARRAY(calls, u64, 1);
            BPF_ARRAY(lost, u64, 1);
            BPF_RINGBUF_OUTPUT(events, 8);
            int output(void *ctx) {
                int zero = 0;
                u64 *n = calls.lookup(&zero);
                if (!n)
                    return 0;
                struct event e = {};
                __sync_fetch_and_add(n, 1);
                e.n = *n - 1;
                e.pid = bpf_get_current_pid_tgid() >> 32;
                bpf_get_current_comm(&e.comm, sizeof(e.comm));
                if (events.ringbuf_output(&e, sizeof(e), 0))
                    lost.atomic_increment(0);
                return 0;
            }
            """;

    record Event(@Unsigned int pid, long n, String comm) {}

    private static BpfProgram program(BPF bpf, String name) {
        return bpf.program(name, ProgramType.SOCKET_FILTER);
    }

    private static void run(BpfProgram program, int times) {
        program.testRun(new byte[64], times);
    }

    @Test
    @Conforms("test_ringbuf.py TestRingbuf.test_ringbuf_output")
    void everyEventOfAProcessOnceInOrderAndWhole() {
        try (BPF bpf = BPF.fromSource(OUTPUT);
                RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)) {
            bpf.attachTracepoint("syscalls:sys_enter_getppid", "output");
            var done = Workloads.getppids(300);
            List<Event> mine = new ArrayList<>();
            while (events.poll(Duration.ofMillis(10), e -> {
                        if (e.pid() == done.pid()) {
                            mine.add(e);
                        }
                    })
                    > 0) {}
            assertThat(mine).hasSize(300).allMatch(e -> e.comm().startsWith("python3"));
            assertThat(mine).extracting(Event::n).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    @Conforms("test_ringbuf.py TestRingbuf.test_ringbuf_submit")
    @Conforms("test_ringbuf.py TestRingbuf.test_ringbuf_discard")
    void reservedEventsAreSubmittedOrDiscarded() {
        try (BPF bpf = BPF.fromSource("""
                struct event { u64 n; u32 half; };
                BPF_ARRAY(calls, u64, 1);
                BPF_RINGBUF_OUTPUT(events, 8);
                int reserve(void *ctx) {
                    int zero = 0;
                    u64 *n = calls.lookup(&zero);
                    if (!n)
                        return 0;
                    struct event *e = events.ringbuf_reserve(sizeof(struct event));
                    if (!e)
                        return 0;
                    e->n = (*n)++;
                    e->half = e->n / 2;
                    if (e->n % 3 == 0)
                        events.ringbuf_discard(e, 0);
                    else
                        events.ringbuf_submit(e, 0);
                    return 0;
                }
                """)) {
            record Half(long n, @Unsigned int half) {}
            RingBuffer<Half> events = bpf.ringBuffer("events", Half.class);
            run(program(bpf, "reserve"), 100);
            List<Half> seen = new ArrayList<>();
            assertThat(events.consume(20, seen::add)).isEqualTo(20);
            assertThat(events.poll(SECOND, seen::add)).isEqualTo(46);
            assertThat(seen)
                    .isEqualTo(LongStream.range(0, 100)
                            .filter(n -> n % 3 != 0)
                            .mapToObj(n -> new Half(n, (int) (n / 2)))
                            .toList());
        }
    }

    @Test
    @Conforms("test_ringbuf.py TestRingbuf.test_ringbuf_consume")
    void whatIsThereIsConsumedWithoutWaiting() {
        try (BPF bpf = BPF.fromSource(OUTPUT)) {
            RingBuffer<Event> events = bpf.ringBuffer("events", Event.class);
            List<Event> seen = new ArrayList<>();
            assertThat(events.consume(100, seen::add)).isZero();
            run(program(bpf, "output"), 3);
            assertThat(events.consume(100, seen::add)).isEqualTo(3);
            assertThat(seen).extracting(Event::n).containsExactly(0L, 1L, 2L);
            assertThat(events.consume(100, seen::add)).isZero();
        }
    }

    @Test
    void aSlowReaderAndTheProgramTogetherAccountForAMillionEvents() throws Exception {
        try (BPF bpf = BPF.fromSource(OUTPUT)) {
            RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)
                    .countLost(() -> bpf.array("lost", Long.class).get(0));
            BpfProgram output = program(bpf, "output");
            CompletableFuture<Void> producer = CompletableFuture.runAsync(() -> run(output, 1_000_000));
            long[] seen = new long[2]; // how many, and the last
            seen[1] = -1;
            while (!producer.isDone() || events.available() > 0) {
                events.pollRaw(Duration.ofMillis(10), (cpu, memory, offset, size) -> {
                    assertThat(size).isEqualTo(32);
                    long n = memory.get(ValueLayout.JAVA_LONG, offset + 8);
                    assertThat(n).isGreaterThan(seen[1]);
                    seen[0]++;
                    seen[1] = n;
                    for (int i = 0; i < 200; i++) {
                        Thread.onSpinWait();
                    }
                });
            }
            producer.get();
            assertThat(bpf.array("calls", Long.class).get(0)).isEqualTo(1_000_000);
            assertThat(events.lost()).isPositive();
            assertThat(seen[0] + events.lost()).isEqualTo(1_000_000);
            assertThat(events.producerPosition()).isEqualTo(seen[0] * 40);
            assertThat(events.consumerPosition()).isEqualTo(seen[0] * 40);
            assertThat(events.producerPosition()).isGreaterThan(2 * events.capacity());
        }
    }

    @Test
    void aStreamTakesOnlyWhatItHandsOut() {
        try (BPF bpf = BPF.fromSource(OUTPUT);
                EventStream<Event> stream = bpf.ringBuffer("events", Event.class).stream()) {
            run(program(bpf, "output"), 10);
            assertThat(stream.limit(4).map(Event::n)).containsExactly(0L, 1L, 2L, 3L);
            assertThat(stream.within(Duration.ofMillis(50)).map(Event::n)).containsExactly(4L, 5L, 6L, 7L, 8L, 9L);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(stream::lost)
                    .withMessage("the kernel does not count what ring buffer \"events\" had no room for: let the"
                            + " program count failed reservations, and say where by countLost()");
        }
    }

    @Test
    void aWaitingReaderIsWokenByTheEvent() throws Exception {
        try (BPF bpf = BPF.fromSource(OUTPUT);
                RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)) {
            BpfProgram output = program(bpf, "output");
            for (int round = 0; round < 200; round++) {
                CompletableFuture<Integer> reader =
                        CompletableFuture.supplyAsync(() -> events.poll(Duration.ofSeconds(20), e -> {}));
                run(output, 1);
                assertThat(reader.get(10, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    @Test
    void eventsSubmittedWithoutAWakeUpAreFoundAllTheSame() {
        try (BPF bpf = BPF.fromSource(OUTPUT.replace("sizeof(e), 0)", "sizeof(e), BPF_RB_NO_WAKEUP)"));
                RingBuffer<Event> events = bpf.ringBuffer("events", Event.class)) {
            BpfProgram output = program(bpf, "output");
            CompletableFuture<Integer> reader =
                    CompletableFuture.supplyAsync(() -> events.poll(Duration.ofSeconds(20), e -> {}));
            run(output, 1);
            assertThat(reader).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(1);
        }
    }

    @Test
    void closingEndsAReaderThatWaitsAndOneThatReads() throws Exception {
        try (BPF bpf = BPF.fromSource(OUTPUT)) {
            RingBuffer<Event> waiting = bpf.ringBuffer("events", Event.class);
            CompletableFuture<Integer> waiter =
                    CompletableFuture.supplyAsync(() -> waiting.poll(Duration.ofMinutes(1), e -> {}));
            waiting.close();
            assertThat(waiter.handle((n, e) -> e == null ? n : -1).get(10, TimeUnit.SECONDS))
                    .isIn(0, -1); // -1: closed before it began
            assertThatIllegalStateException()
                    .isThrownBy(() -> waiting.poll(SECOND, e -> {}))
                    .withMessage("ring buffer \"events\" is closed");
            assertThatIllegalStateException()
                    .isThrownBy(waiting::available)
                    .withMessage("ring buffer \"events\" is closed");

            RingBuffer<Event> reading = bpf.ringBuffer("events", Event.class);
            run(program(bpf, "output"), 10);
            List<Event> seen = new ArrayList<>();
            assertThat(reading.poll(SECOND, e -> {
                        seen.add(e);
                        reading.close();
                    }))
                    .isEqualTo(1);
            try (RingBuffer<Event> again = bpf.ringBuffer("events", Event.class)) {
                assertThat(again.poll(SECOND, seen::add)).isEqualTo(9);
            }
            assertThat(seen).extracting(Event::n).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        }
    }

    @Test
    void mistakesAreRefused() {
        record Wrong(@Unsigned int pid, int n) {}
        EventBuffer<Event> open;
        try (BPF bpf = BPF.fromSource(OUTPUT + "BPF_RINGBUF_OUTPUT(unused, 1);\n")) {
            assertThatExceptionOfType(LayoutMismatchException.class)
                    .isThrownBy(() -> bpf.ringBuffer("events", Wrong.class))
                    .withMessageContaining("n: u64 in C, 8 bytes, is too wide for int in Java: use long");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.ringBuffer("calls", Event.class))
                    .withMessageContaining("table \"calls\" is an array, not a ring buffer");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.ringBuffer("unused", Event.class))
                    .withMessageContaining("no function of the C text submits a struct to this buffer");
            open = bpf.ringBuffer("events", Event.class);
            assertThatIllegalStateException()
                    .isThrownBy(() -> bpf.ringBuffer("events", Event.class))
                    .withMessage("ring buffer \"events\" is open already: close it first");
        }
        assertThat(open.isClosed()).isTrue();
    }
}
