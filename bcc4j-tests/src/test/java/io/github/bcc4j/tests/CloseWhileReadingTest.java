package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.EventGroup;
import io.github.bcc4j.event.EventQueue;
import io.github.bcc4j.event.Overflow;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.RingBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Buffers of events are closed by two threads while others read them, wait in them, or have threads of their own do so. */
@Tag("native")
@Timeout(120)
class CloseWhileReadingTest extends Crowded {
    private <B extends EventBuffer<Event>> void closeWhile(
            int rounds, Function<BPF, B> open, BiConsumer<BPF, B> reader, boolean submitting) throws Exception {
        try (BPF bpf = BPF.load(module)) {
            for (int round = 0; round < rounds; round++) {
                B buffer = open.apply(bpf);
                crowd.with(2, dice -> reader.accept(bpf, buffer)).with(2, dice -> {
                    LockSupport.parkNanos(dice.nextInt(200_000));
                    Crowd.always(buffer::close);
                });
                if (submitting) {
                    crowd.with(1, dice -> {
                        while (!buffer.isClosed()) {
                            submit(bpf, 7);
                        }
                    });
                }
                crowd.go();
                assertThat(buffer.isClosed()).isTrue();
            }
        }
    }

    @Test
    void aRingIsClosedWhileOthersReadIt() throws Exception {
        Function<BPF, RingBuffer<Event>> open = bpf -> bpf.ringBuffer("ring", Event.class);
        closeWhile(60, open, (bpf, b) -> b.poll(LONG, e -> {}), false);
        closeWhile(60, open, (bpf, b) -> b.stream().forEach(Crowded::isSeven), true);
        closeWhile(
                300,
                open,
                (bpf, b) -> {
                    while (true) {
                        b.consume(3, Crowded::isSeven);
                    }
                },
                true);
    }

    @Test
    void aPerfBufferIsClosedWhileOthersReadIt() throws Exception {
        Function<BPF, PerfBuffer<Event>> open = bpf -> bpf.perfBuffer("perf", Event.class);
        closeWhile(60, open, (bpf, b) -> b.pollRaw(LONG, (cpu, m, at, size) -> {}), false);
        closeWhile(60, open, (bpf, b) -> b.pollInTimeOrder(LONG, Event::n, (cpu, e) -> isSeven(e)), true);
        closeWhile(
                100,
                open,
                (bpf, b) -> {
                    while (true) {
                        b.consume(3, Crowded::isSeven);
                    }
                },
                true);
    }

    @Test
    void aBufferIsClosedUnderAQueueAndUnderAGroup() throws Exception {
        Function<BPF, RingBuffer<Event>> open = bpf -> bpf.ringBuffer("ring", Event.class);
        closeWhile(
                60,
                open,
                (bpf, b) -> {
                    try (EventGroup group = new EventGroup()) {
                        group.add(b, Crowded::isSeven).run();
                    }
                },
                true);
        for (Overflow overflow : Overflow.values()) {
            closeWhile(
                    30,
                    open,
                    (bpf, b) -> {
                        try (EventQueue<Event> queue = b.queue(5, overflow)) {
                            for (Optional<Event> e = queue.poll(LONG); e.isPresent(); e = queue.poll(LONG)) {
                                isSeven(e.get());
                            }
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    },
                    true);
        }
    }

    /** A ring's reader looks by itself every 100 ms: closing must not wait for that. */
    @Test
    void closingWakesAReaderAtOnce() throws Exception {
        List<Long> nanos = new ArrayList<>();
        try (BPF bpf = BPF.load(module)) {
            for (int round = 0; round < 20; round++) {
                RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
                AtomicLong closed = new AtomicLong();
                crowd.with(2, dice -> ring.poll(LONG, e -> {}))
                        .with(1, dice -> {
                            LockSupport.parkNanos(1_000_000);
                            closed.set(System.nanoTime());
                            ring.close();
                        })
                        .go();
                nanos.add(System.nanoTime() - closed.get());
            }
        }
        Collections.sort(nanos);
        assertThat(nanos.get(nanos.size() / 2)).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
    }

    @Test
    void aSubscriberIsToldThatItsBufferIsClosed() throws Exception {
        try (BPF bpf = BPF.load(module)) {
            for (int round = 0; round < 50; round++) {
                RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
                CompletableFuture<String> last = new CompletableFuture<>();
                ring.publisher().subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(Long.MAX_VALUE);
                    }

                    @Override
                    public void onNext(Event event) {
                        isSeven(event);
                    }

                    @Override
                    public void onError(Throwable e) {
                        last.completeExceptionally(e);
                    }

                    @Override
                    public void onComplete() {
                        last.complete("complete");
                    }
                });
                crowd.with(1, dice -> {
                            for (int i = 0; i < 20; i++) {
                                submit(bpf, 7);
                            }
                        })
                        .with(2, dice -> {
                            LockSupport.parkNanos(dice.nextInt(300_000));
                            Crowd.always(ring::close);
                        })
                        .go();
                assertThat(last.get(20, TimeUnit.SECONDS)).isEqualTo("complete");
            }
        }
    }
}
