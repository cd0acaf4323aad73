package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.event.PerfBufferOptions;
import io.github.bcc4j.event.RingBuffer;
import io.github.bcc4j.table.BpfCounters;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfQueue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads attach, read, iterate, poll and close the same things at once: all that may go wrong is that something is closed. */
@Tag("native")
@Timeout(120)
class ManyThreadsTest extends Crowded {
    /** What is submitted by several threads and read by several comes once to one of them, while others attach and iterate. */
    @Test
    void nothingIsLostOrDoubledAmongReaders() throws Exception {
        int submitters = 3;
        int each = 2000;
        int all = submitters * each;
        try (BPF bpf = BPF.load(module)) {
            RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class);
            PerfBuffer<Event> perf = bpf.perfBuffer("perf", Event.class, new PerfBufferOptions(128, 1));
            ConcurrentLinkedQueue<Long> fromRing = new ConcurrentLinkedQueue<>();
            ConcurrentLinkedQueue<Long> fromPerf = new ConcurrentLinkedQueue<>();
            AtomicInteger next = new AtomicInteger();
            AtomicInteger got = new AtomicInteger();
            crowd.with(submitters, dice -> {
                        for (int i = 0; i < each; i++) {
                            submit(bpf, next.getAndIncrement());
                        }
                    })
                    .with(2, dice -> {
                        while (got.get() < 2 * all) {
                            got.addAndGet(ring.poll(Duration.ofMillis(dice.nextInt(3)), e -> fromRing.add(e.n())));
                        }
                    })
                    .with(2, dice -> {
                        while (got.get() < 2 * all) {
                            got.addAndGet(perf.consume(1 + dice.nextInt(50), (Event e) -> fromPerf.add(e.n())));
                        }
                    })
                    .with(2, dice -> {
                        while (got.get() < 2 * all) {
                            bpf.attach(PLACES.get(dice.nextInt(PLACES.size())), "nothing")
                                    .close();
                            bpf.hash("triple", Integer.class, Long.class).snapshot();
                        }
                    })
                    .go();
            List<Long> numbers = LongStream.range(0, all).boxed().toList();
            assertThat(fromRing.stream().sorted()).isEqualTo(numbers);
            assertThat(fromPerf.stream().sorted()).isEqualTo(numbers);
            assertThat(perf.lost()).isZero();
            assertThat(bpf.array("calls", Long.class).get(0)).isEqualTo(all);
            assertThat(bpf.links()).isEmpty();
        }
    }

    /** Everything there is, by everybody, until two threads close it. */
    @Test
    void aBpfIsClosedWhileManyUseIt() throws Exception {
        for (int round = 0; round < 60; round++) {
            BPF bpf = BPF.load(module);
            crowd.with(5, dice -> {
                        while (true) {
                            anything(bpf, dice);
                        }
                    })
                    .with(1, dice -> {
                        while (true) {
                            try (RingBuffer<Event> ring = bpf.ringBuffer("ring", Event.class)) {
                                ring.poll(LONG, Crowded::isSeven);
                            }
                        }
                    })
                    .with(2, dice -> {
                        LockSupport.parkNanos(dice.nextInt(3_000_000));
                        Crowd.always(bpf::close);
                    })
                    .go();
            assertThat(bpf.links()).isEmpty();
        }
    }

    private static void anything(BPF bpf, Random dice) {
        BpfHash<Integer, Long> triple = bpf.hash("triple", Integer.class, Long.class);
        int key = dice.nextInt(1000);
        switch (dice.nextInt(12)) {
            case 0 -> triple.put(key, 3L * key);
            case 1 -> assertThat(triple.getOrDefault(key, 3L * key)).isEqualTo(3L * key);
            case 2 -> triple.forEach((k, v) -> assertThat(v).isEqualTo(3L * k));
            case 3 ->
                triple.snapshot().entries().forEach((k, v) -> assertThat(v).isEqualTo(3L * k));
            case 4 -> triple.putAll(Map.of(key, 3L * key, key + 1, 3L * key + 3));
            case 5 -> triple.deleteAll(List.of(key, key + 1));
            case 6 -> bpf.attach(PLACES.get(dice.nextInt(PLACES.size())), "nothing");
            case 7 -> bpf.links().forEach(BpfLink::close);
            case 8 -> submit(bpf, 7);
            case 9 -> {
                BpfQueue<Long> waiting = bpf.queue("waiting", Long.class);
                waiting.pushOverOldest(5L);
                waiting.pop().ifPresent(n -> assertThat(n).isEqualTo(5));
            }
            case 10 -> {
                try (BpfCounters clock =
                        bpf.counters("clock", PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK))) {
                    assertThat(clock.read()).isNotEmpty();
                }
            }
            default -> {
                bpf.perCpuArray("each", Long.class).clear();
                bpf.program("submit", ProgramType.SCHED_CLS).disassemble();
            }
        }
    }

    @Test
    void aLinkIsClosedByMany() throws Exception {
        try (BPF bpf = BPF.load(module)) {
            BlockingQueue<BpfLink> made = new LinkedBlockingQueue<>();
            crowd.with(3, dice -> {
                        for (int i = 0; i < 300; i++) {
                            BpfLink link = bpf.attach(PLACES.get(dice.nextInt(PLACES.size())), "nothing");
                            made.add(link);
                            made.add(link);
                        }
                    })
                    .with(3, dice -> {
                        for (int i = 0; i < 600; i++) {
                            BpfLink link = made.poll(20, TimeUnit.SECONDS);
                            link.close();
                            assertThat(link.isAttached()).isFalse();
                            assertThat(bpf.links()).doesNotContain(link);
                        }
                    })
                    .go();
            assertThat(bpf.links()).isEmpty();
        }
    }

    /** As a pool does when it is shut down. */
    @Test
    void anInterruptedThreadClosesEverythingToo() {
        try (BPF bpf = BPF.load(module)) {
            BpfLink link = bpf.attachUprobes("c", Pattern.compile("get[a-z]*"), "nothing");
            int before = descriptors();
            Thread.currentThread().interrupt();
            link.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(link.isAttached()).isFalse();
            assertThat(descriptors()).isLessThan(before);
            for (int i = 0; i < 100; i++) {
                bpf.attach(PLACES.getFirst(), "nothing");
            }
            Thread.currentThread().interrupt();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
