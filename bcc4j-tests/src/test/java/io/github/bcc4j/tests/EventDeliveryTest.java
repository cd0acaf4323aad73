package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.event.EventBuffer;
import io.github.bcc4j.event.EventGroup;
import io.github.bcc4j.event.EventQueue;
import io.github.bcc4j.event.Overflow;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.type.Ordinal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events through groups, queues and publishers. */
@Tag("native")
class EventDeliveryTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final BPF bpf = BPF.fromSource("""
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
            """);

    record Event(long n) {}

    @AfterEach
    void closeAll() {
        bpf.close();
    }

    private void submit(int times) {
        bpf.program("submit", ProgramType.SCHED_CLS).testRun(new byte[64], times);
    }

    private static List<Event> events(long from, long to) {
        return LongStream.range(from, to).mapToObj(Event::new).toList();
    }

    @Test
    void aGroupReadsManyBuffersWithOneWait() throws Exception {
        List<Event> ring = new ArrayList<>();
        List<Event> perf = new ArrayList<>();
        try (EventGroup group = new EventGroup()) {
            RingBuffer<Event> ringBuffer = bpf.ringBuffer("ring", Event.class);
            EventBuffer<Event> perfBuffer = bpf.perfBuffer("perf", Event.class);
            group.add(ringBuffer, ring::add).add(perfBuffer, perf::add);
            assertThat(group.poll(Duration.ZERO)).isZero();
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> group.poll(LONG));
                submit(1);
                int n = first.get(30, TimeUnit.SECONDS);
                while (n < 2) {
                    n += group.poll(LONG);
                }
                assertThat(n).isEqualTo(2);
            }
            assertThat(ring).isEqualTo(events(0, 50));
            assertThat(perf).isEqualTo(events(0, 50));
            ringBuffer.close();
            submit(1);
            assertThat(group.poll(LONG)).isEqualTo(1); // of the other
            CompletableFuture<Void> runner = CompletableFuture.runAsync(group::run);
            perfBuffer.close();
            runner.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void closingAGroupEndsItsReaderAndLeavesTheBuffers() throws Exception {
        EventGroup group = new EventGroup();
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        List<Event> seen = new ArrayList<>();
        group.add(ring, seen::add);
        CompletableFuture<Void> runner = CompletableFuture.runAsync(group::run);
        group.close();
        runner.get(10, TimeUnit.SECONDS);
        assertThatIllegalStateException().isThrownBy(() -> group.poll(LONG)).withMessage("group of buffers is closed");
        submit(1);
        assertThat(ring.poll(LONG, seen::add)).isEqualTo(1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void closingAtAnyMomentEndsTheReaderOfAGroup() throws Exception {
        for (int round = 0; round < 300; round++) {
            EventGroup group = new EventGroup();
            RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
            FutureTask<Void> reader = new FutureTask<>(group::run, null);
            group.add(ring, e -> {});
            Thread.ofPlatform().start(reader);
            if (round % 2 == 0) {
                ring.close();
            } else {
                group.close();
            }
            reader.get(20, TimeUnit.SECONDS);
            group.close();
            ring.close();
        }
    }

    @Test
    void aFullQueueDropsTheNewestOrTheOldestAndCounts() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        try (EventQueue<Event> queue = ring.queue(10, Overflow.DROP_NEWEST)) {
            submit(100);
            while (queue.dropped() < 90) {
                Thread.onSpinWait();
            }
            List<Event> kept = new ArrayList<>();
            assertThat(queue.drainTo(kept)).isEqualTo(10);
            assertThat(kept).isEqualTo(events(0, 10));
        }
        try (EventQueue<Event> queue = bpf.ringBuffer("ring", Event.class).queue(10, Overflow.DROP_OLDEST)) {
            submit(100);
            while (queue.dropped() < 90) {
                Thread.onSpinWait();
            }
            List<Event> kept = new ArrayList<>();
            queue.drainTo(kept);
            assertThat(kept).isEqualTo(events(190, 200));
        }
        assertThat(ring.isClosed()).isTrue();
    }

    @Test
    void aQueueThatBlocksLosesNothingWhileTheKernelHasRoom() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        try (EventQueue<Event> queue = ring.queue(10, Overflow.BLOCK)) {
            submit(500);
            List<Event> taken = new ArrayList<>();
            while (taken.size() < 500) {
                taken.add(queue.poll(LONG).orElseThrow());
            }
            assertThat(taken).isEqualTo(events(0, 500));
            assertThat(queue.dropped()).isZero();
            assertThat(queue.poll(Duration.ofMillis(1))).isEmpty();
            CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
                try {
                    return queue.poll(Duration.ofMinutes(5)).isPresent();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            ring.close();
            assertThat(waiter.get(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    enum Answer {
        NO,
        YES
    }

    @Test
    void whatAQueuesReaderFailsOfReachesItsTaker() throws Exception {
        record Said(@Ordinal Answer n) {}
        try (EventQueue<Said> queue = bpf.ringBuffer("ring", Said.class).queue(10, Overflow.BLOCK)) {
            submit(3);
            assertThat(queue.poll(LONG)).contains(new Said(Answer.NO));
            assertThat(queue.poll(LONG)).contains(new Said(Answer.YES));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> queue.poll(LONG))
                    .withMessageStartingWith("reading ring buffer \"ring\" has failed: ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> bpf.ringBuffer("ring", Event.class).queue(0, Overflow.BLOCK))
                .withMessage("a queue has room for one event at least, not 0");
    }

    private static final class Listener implements Flow.Subscriber<Event> {
        final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            signals.add(subscription);
        }

        @Override
        public void onNext(Event event) {
            signals.add(event);
        }

        @Override
        public void onError(Throwable e) {
            signals.add(e);
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }

        Object next() throws InterruptedException {
            return signals.poll(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aSubscriberGetsWhatItAsksForAndTheRestWaitsInTheKernel() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        Flow.Publisher<Event> publisher = ring.publisher();
        Listener listener = new Listener();
        publisher.subscribe(listener);
        Flow.Subscription subscription = (Flow.Subscription) listener.next();
        submit(5);
        subscription.request(2);
        assertThat(listener.next()).isEqualTo(new Event(0));
        assertThat(listener.next()).isEqualTo(new Event(1));
        subscription.request(1);
        assertThat(listener.next()).isEqualTo(new Event(2));
        // the handler is called before the room of its event is given back
        assertThat(NetworkLab.eventually(ring::available, 2 * 16)).isEqualTo(2 * 16);
        assertThat(listener.signals).isEmpty();
        Listener second = new Listener();
        publisher.subscribe(second);
        assertThat(second.next()).isInstanceOf(Flow.Subscription.class);
        assertThat(second.next())
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessage("the events of ring buffer \"ring\" have a subscriber already");
        ring.close();
        assertThat(listener.next()).isEqualTo("complete");
    }

    @Test
    void aSubscriberMayCancelAndMustAskForSomething() throws Exception {
        RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
        Flow.Publisher<Event> publisher = ring.publisher();
        Listener first = new Listener();
        publisher.subscribe(first);
        Flow.Subscription subscription = (Flow.Subscription) first.next();
        submit(3);
        subscription.request(1);
        assertThat(first.next()).isEqualTo(new Event(0));
        subscription.cancel();
        subscription.request(1);

        Listener second = new Listener();
        while (!(second.signals.peek() instanceof Flow.Subscription)) { // until the first one's thread has ended
            second.signals.clear();
            publisher.subscribe(second);
            Object signal = second.next();
            if (second.signals.poll(200, TimeUnit.MILLISECONDS) == null) {
                second.signals.add(signal);
            }
        }
        ((Flow.Subscription) second.next()).request(1);
        assertThat(second.next()).isEqualTo(new Event(1));
        assertThat(first.signals).isEmpty();

        ring.close();
        assertThat(second.next()).isEqualTo("complete");
        Listener third = new Listener();
        bpf.ringBuffer("ring", Event.class).publisher().subscribe(third);
        ((Flow.Subscription) third.next()).request(0);
        assertThat(third.next())
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a subscriber requests one event at least, not 0");
    }
}
