package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.EventGroup;
import io.github.bcc4j.event.EventQueue;
import io.github.bcc4j.event.Overflow;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.RawEventHandler;
import io.github.bcc4j.event.RingBuffer;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a callback throws reaches the caller as it is; only the event in hand is gone, and nothing stays locked. An Error, too. */
@Tag("native")
@Timeout(60)
class ThrowingCallbackTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    static final List<Throwable> THROWN = List.of(new IllegalArgumentException("mine"), new StackOverflowError("mine"));

    private static CompiledModule module;
    private BPF bpf;

    record Event(long n) {}

    /** Its constructor refuses number 1. */
    record Picky(long n) {
        Picky {
            if (n == 1) {
                throw new UnsupportedOperationException("not 1");
            }
        }
    }

    @BeforeAll
    static void compile() {
        module = Compiler.compile("""
                struct event { u64 n; };
                BPF_ARRAY(calls, u64, 1);
                BPF_RINGBUF_OUTPUT(ring, 8);
                BPF_PERF_OUTPUT(perf);
                int submit(struct __sk_buff *skb) {
                    int zero = 0;
                    u64 *n = calls.lookup(&zero);
                    if (!n)
                        return 0;
                    struct event e = { .n = (*n)++ };
                    ring.ringbuf_output(&e, sizeof(e), 0);
                    perf.perf_submit(skb, &e, sizeof(e));
                    return 0;
                }
                """, CompilerOptions.DEFAULT);
    }

    @BeforeEach
    void load() {
        bpf = BPF.load(module);
    }

    /** Another thread closes it: no lock may be left with this one. */
    @AfterEach
    void closesFromAnotherThread() throws Exception {
        CompletableFuture.runAsync(bpf::close).get(20, TimeUnit.SECONDS);
    }

    private void submit(int times) {
        bpf.program("submit", ProgramType.SCHED_CLS).testRun(new byte[64], times);
    }

    static <X extends Throwable> void fail(Throwable what) throws X {
        @SuppressWarnings("unchecked")
        X unchecked = (X) what;
        throw unchecked;
    }

    private interface Reading {
        void read(Consumer<Event> handler) throws Exception;
    }

    /** Of ten events the handler throws at the third; then the seven behind it come, all from another thread. */
    private void onlyTheEventInHandIsGone(EventBuffer<Event> buffer, Reading first) throws Exception {
        for (Throwable thrown : THROWN) {
            List<Long> seen = new ArrayList<>();
            bpf.array("calls", Long.class).set(0, 0L);
            submit(10);
            assertThat(catchThrowable(() -> first.read(e -> {
                        seen.add(e.n);
                        if (e.n == 2) {
                            fail(thrown);
                        }
                    })))
                    .isSameAs(thrown);
            CompletableFuture<Integer> rest =
                    CompletableFuture.supplyAsync(() -> buffer.consume(100, e -> seen.add(e.n)));
            assertThat(rest.get(20, TimeUnit.SECONDS)).isEqualTo(7);
            assertThat(seen).isEqualTo(LongStream.range(0, 10).boxed().toList());
            assertThat(buffer.poll(Duration.ZERO, e -> seen.add(e.n))).isZero();
        }
    }

    @Test
    void ofARingBuffer() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        onlyTheEventInHandIsGone(ring, h -> ring.poll(LONG, h));
        onlyTheEventInHandIsGone(ring, h -> ring.consume(5, h));
        onlyTheEventInHandIsGone(ring, h -> ring.pollRaw(LONG, raw(h)));
        onlyTheEventInHandIsGone(ring, h -> ring.consumeRaw(9, raw(h)));
        onlyTheEventInHandIsGone(ring, h -> ring.stream().forEach(h));
        onlyTheEventInHandIsGone(
                ring,
                h -> ring.stream()
                        .map(e -> {
                            h.accept(e);
                            return e;
                        })
                        .count());
        onlyTheEventInHandIsGone(ring, h -> {
            try (EventGroup group = new EventGroup()) {
                group.add(ring, h).poll(LONG);
            }
        });
        onlyTheEventInHandIsGone(ring, h -> {
            try (EventGroup group = new EventGroup()) {
                group.add(ring, h).run();
            }
        });
    }

    private static RawEventHandler raw(Consumer<Event> handler) {
        return (cpu, memory, at, size) -> handler.accept(new Event(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at)));
    }

    @Test
    void ofAPerfBuffer() throws Exception {
        PerfBuffer<Event> perf = bpf.perfBuffer("perf", Event.class);
        onlyTheEventInHandIsGone(perf, h -> perf.poll(LONG, (cpu, e) -> h.accept(e)));
        onlyTheEventInHandIsGone(perf, h -> perf.consume(5, (cpu, e) -> h.accept(e)));
        onlyTheEventInHandIsGone(perf, h -> perf.pollRaw(LONG, raw(h)));
        onlyTheEventInHandIsGone(perf, h -> perf.stream().forEach(h));
        assertThat(perf.lost()).isZero();
    }

    /** The others are kept in their order; the time that can't be told belongs to an event that is gone. */
    @Test
    void ofATimeOrder() {
        PerfBuffer<Event> perf = bpf.perfBuffer("perf", Event.class);
        for (Throwable thrown : THROWN) {
            bpf.array("calls", Long.class).set(0, 0L);
            List<Long> seen = new ArrayList<>();
            submit(10);
            assertThat(catchThrowable(() -> perf.pollInTimeOrder(
                            LONG,
                            e -> {
                                if (e.n == 3) {
                                    fail(thrown);
                                }
                                return e.n;
                            },
                            (cpu, e) -> seen.add(e.n))))
                    .isSameAs(thrown);
            assertThat(catchThrowable(() -> perf.pollInTimeOrder(LONG, Event::n, (cpu, e) -> {
                        seen.add(e.n);
                        if (e.n == 5) {
                            fail(thrown);
                        }
                    })))
                    .isSameAs(thrown);
            while (perf.pollInTimeOrder(Duration.ZERO, Event::n, (cpu, e) -> seen.add(e.n)) > 0) {}
            assertThat(seen).containsExactly(0L, 1L, 2L, 4L, 5L, 6L, 7L, 8L, 9L);
        }
    }

    @Test
    void ofAnEventsConstructor() throws Exception {
        RingBuffer<Picky> ring = bpf.ringBuffer("ring", Picky.class);
        List<Long> seen = new ArrayList<>();
        submit(4);
        assertThat(catchThrowable(() -> ring.poll(LONG, e -> seen.add(e.n))))
                .isExactlyInstanceOf(UnsupportedOperationException.class)
                .hasMessage("not 1");
        assertThat(ring.poll(LONG, e -> seen.add(e.n))).isEqualTo(2);
        assertThat(seen).containsExactly(0L, 2L, 3L);
    }

    /** The reading thread has nobody to throw at: whoever takes the next event gets it as the cause. */
    @Test
    void ofAQueuesReader() throws Exception {
        RingBuffer<Picky> ring = bpf.ringBuffer("ring", Picky.class);
        try (EventQueue<Picky> queue = ring.queue(10, Overflow.BLOCK)) {
            submit(4);
            assertThat(queue.poll(LONG)).contains(new Picky(0));
            for (int again = 0; again < 2; again++) {
                assertThat(catchThrowable(() -> queue.poll(LONG)))
                        .isInstanceOf(BpfException.class)
                        .hasMessage("reading ring buffer \"ring\" has failed: not 1")
                        .hasCauseExactlyInstanceOf(UnsupportedOperationException.class);
            }
            assertThat(ring.consume(9, e -> {})).as("the queue reads no more").isEqualTo(2);
        }
    }

    private final class Subscriber implements Flow.Subscriber<Event> {
        private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();
        private final String throwing;
        private final Throwable thrown;

        Subscriber(String throwing, Throwable thrown) {
            this.throwing = throwing;
            this.thrown = thrown;
        }

        private void signal(String name, Object what) {
            signals.add(what);
            if (name.equals(throwing)) {
                fail(thrown);
            }
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            signal("subscribe", "subscribe");
            subscription.request(5);
        }

        @Override
        public void onNext(Event event) {
            signal("next", event.n);
        }

        @Override
        public void onError(Throwable e) {
            signal("error", e);
            fail(new IllegalStateException("and nobody hears this"));
        }

        @Override
        public void onComplete() {
            signal("complete", "complete");
        }

        Object next() throws InterruptedException {
            return signals.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void ofASubscriber() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        Flow.Publisher<Event> publisher = ring.publisher();
        List<Throwable> unheard = Collections.synchronizedList(new ArrayList<>());
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> unheard.add(e));
        try {
            submit(4);
            long n = 0;
            for (Throwable thrown : THROWN) {
                Subscriber one = new Subscriber("next", thrown);
                publisher.subscribe(one);
                assertThat(one.next()).isEqualTo("subscribe");
                assertThat(one.next()).isEqualTo(n++);
                assertThat(one.next()).isSameAs(thrown);

                Subscriber other = new Subscriber("subscribe", thrown);
                publisher.subscribe(other);
                assertThat(other.next()).isEqualTo("subscribe");
                assertThat(other.next()).isSameAs(thrown);
            }
            Subscriber last = new Subscriber("complete", THROWN.getFirst());
            publisher.subscribe(last);
            assertThat(last.next()).isEqualTo("subscribe");
            assertThat(last.next()).isEqualTo(2L);
            assertThat(last.next()).isEqualTo(3L);
            ring.close();
            assertThat(last.next()).isEqualTo("complete");
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().startsWith("bcc4j ")) {
                    thread.join(20_000);
                }
            }
            assertThat(unheard).isEmpty();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void ofACounterOfLosses() {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        for (Throwable thrown : THROWN) {
            ring.countLost(() -> {
                fail(thrown);
                return 0;
            });
            assertThat(catchThrowable(ring::lost)).isSameAs(thrown);
        }
        ring.countLost(() -> 7);
        assertThat(ring.lost()).isEqualTo(7);
    }
}
