package io.github.bcc4j.junit.assertj;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Events;
import io.github.bcc4j.junit.Recording;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.junit.workload.Workloads;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Assertions on events and tables that test runs of a program make: nobody else is there to disturb them. */
@Tag("native")
@Timeout(60)
@BpfTest("""
        struct event { u64 n; u64 fill[7]; };
        BPF_RINGBUF_OUTPUT(ring, 1);
        BPF_RINGBUF_OUTPUT(uncounted, 1);
        BPF_PERCPU_ARRAY(lost, u64, 1);
        BPF_ARRAY(next, u64, 1);
        BPF_HASH(counts, u64, u64);
        BPF_HISTOGRAM(sizes);
        struct by_kind { u64 kind; u64 slot; };
        BPF_HISTOGRAM(kinds, struct by_kind, 64);
        int submit(struct __sk_buff *skb) {
            int zero = 0;
            u64 *n = next.lookup(&zero);
            if (!n)
                return 0;
            struct event e = { .n = ++*n };
            if (ring.ringbuf_output(&e, sizeof(e), 0))
                lost.increment(0);
            uncounted.ringbuf_output(&e, sizeof(e), 0);
            counts.increment(e.n);
            sizes.increment(bpf_log2l(e.n));
            struct by_kind k = { .kind = e.n & 1, .slot = bpf_log2l(e.n) };
            kinds.increment(k);
            return 0;
        }
        """)
class BpfAssertionsTest {
    record Event(long n) {}

    private BpfProgram submit;

    @BeforeEach
    void load(BPF bpf) {
        submit = bpf.program("submit", ProgramType.SCHED_CLS);
    }

    private void submit(int events) {
        submit.testRun(new byte[64], events);
    }

    private static Event[] upTo(int n) {
        return LongStream.rangeClosed(1, n).mapToObj(Event::new).toArray(Event[]::new);
    }

    @Test
    void eventsThatAreThereNeedNoTime(@Events(value = "ring", lost = "lost") Recording<Event> ring) {
        assertThat(ring).isEmpty().noneLost();
        submit(4);
        assertThat(ring)
                .containsExactly(upTo(4))
                .contains(new Event(3), new Event(2))
                .containsExactlyInAnyOrder(new Event(4), new Event(2), new Event(1), new Event(3))
                .containsSequence(new Event(2), new Event(3))
                .doesNotContain(new Event(5))
                .anyMatch(e -> e.n() == 4)
                .allMatch(e -> e.n() > 0)
                .hasCount(4)
                .hasCountOfAtLeast(4)
                .eventsSatisfy(events -> assertThat(events).hasSize(4))
                .hasLost(0);
        assertThat(ring).filteredOn(e -> e.n() > 2).extracting(Event::n).containsExactly(3L, 4L);
        assertThat(ring.total()).isEqualTo(4);
        assertThat(ring.lost()).hasValue(0);
    }

    @Test
    void eventsToComeAreWaitedFor(@Events(value = "ring", lost = "lost") Recording<Event> ring, Workloads workloads) {
        submit(1);
        CompletableFuture<Void> looked = new CompletableFuture<>();
        workloads.start(() -> {
            looked.join();
            submit(2);
            return null;
        });
        assertThat(ring)
                .within(Duration.ofSeconds(20))
                .filteredOn(e -> {
                    looked.complete(null); // an event that is there has been looked at
                    return e.n() > 1;
                })
                .containsExactly(new Event(2), new Event(3));
    }

    @Test
    void aFailureShowsWhatWasThereAndWhatWasNot(@Events(value = "ring", lost = "lost") Recording<Event> ring) {
        submit(2);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(ring)
                        .as("my events")
                        .within(Duration.ofMillis(30))
                        .extracting(Event::n)
                        .containsExactly(1L, 2L, 3L))
                .withMessageContaining("[my events: events \"ring\": 2 in all, 0 lost, within 30 ms]")
                .withMessageContaining("[1L, 2L]")
                .withMessageContaining("could not find the following elements")
                .withMessageContaining("[3L]");
        assertThatThrownBy(() -> assertThat(ring).hasCount(5))
                .hasMessageContaining("[events \"ring\": 2 in all, 0 lost]")
                .hasMessageContaining("Expected size: 5 but was: 2");
        assertThatThrownBy(() -> assertThat(ring).hasLost(4))
                .hasMessage("events \"ring\": 2 in all, 0 lost, but expected 4 lost");
        assertThatThrownBy(() -> assertThat((Recording<Event>) null).hasCount(5))
                .hasMessageContaining("Expecting actual not to be null");
    }

    @Test
    void whatWasLostIsKnown(
            BPF bpf,
            @Events(value = "ring", lost = "lost", capacity = 10) Recording<Event> ring,
            @Events("uncounted") Recording<Event> uncounted) {
        int room = 4096 / (64 + 8);
        ring.close(); // so that nobody reads
        try (var buffer = bpf.ringBuffer("ring", Event.class)) {
            buffer.countLost(() -> bpf.perCpuArray("lost", Long.class).get(0).stream()
                    .mapToLong(n -> n)
                    .sum());
            submit(room + 20);
            Recording<Event> late = Recording.of(buffer, 10);
            assertThat(late).hasLost(20).hasCount(10);
            assertThat(late.total()).isEqualTo(room);
            assertThat(late.dropped()).isEqualTo(room - 10);
            assertThat(late).hasToString("events \"ring\": 56 in all, the first 46 no longer kept, 20 lost");
            assertThatThrownBy(() -> assertThat(late).noneLost())
                    .hasMessage(
                            "events \"ring\": 56 in all, the first 46 no longer kept, 20 lost, but expected 0 lost");
            late.close();
            assertThat(late).hasLost(20).hasCount(10); // still known
        }
        assertThatThrownBy(() -> assertThat(uncounted).noneLost())
                .hasMessageContaining("the kernel does not count what a ring buffer has no room for; let the program"
                        + " count it, and name its array in @Events(lost = ...)");
    }

    @Test
    void tables(@Table("counts") BpfHash<Long, Long> counts, Workloads workloads) {
        assertThat(counts).isEmpty();
        workloads.start(() -> {
            submit(2);
            return null;
        });
        assertThat(counts)
                .within(Duration.ofSeconds(20))
                .containsOnly(Map.entry(1L, 1L), Map.entry(2L, 1L))
                .containsEntry(2L, 1L)
                .containsKey(1L)
                .doesNotContainKey(3L)
                .hasValueSatisfying(1L, n -> assertThat(n).isEqualTo(1))
                .hasSize(2)
                .entriesSatisfy(m -> assertThat(m.values()).containsOnly(1L));
        assertThatThrownBy(() -> assertThat(counts)
                        .within(Duration.ofMillis(5))
                        .containsOnly(Map.entry(1L, 1L), Map.entry(3L, 1L)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("[table \"counts\", within 5 ms]")
                .hasMessageContaining("{1L=1L, 2L=1L}")
                .hasMessageContaining("map entries not found:\n  [3L=1L]");
        assertThatThrownBy(() -> assertThat(counts).hasSize(1)).hasMessageContaining("[table \"counts\"]");
    }

    @Test
    void histograms(@Table("sizes") BpfHistogram<Void> sizes, @Table("kinds") BpfHistogram<Long> kinds) {
        submit(7);
        assertThat(sizes)
                .hasSlots(0, 1, 2, 4)
                .hasCount(2, 2)
                .hasCount(60, 0)
                .hasTotal(7)
                .hasTotalOfAtLeast(6)
                .countsOnlyIn(1, 3);
        assertThat(kinds, 1L).hasSlots(0, 1, 1, 2);
        assertThat(kinds, 9L).hasTotal(0);
        assertThatThrownBy(() -> assertThat(sizes).hasCount(3, 5))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("histogram [0, 1, 2, 4]")
                .hasMessageContaining("4 -> 7          : 4        |****************************************|")
                .hasMessageContaining("slot 3")
                .hasMessageContaining("expected: 5L\n but was: 4L");
        assertThatThrownBy(() -> assertThat(kinds, 0L).countsOnlyIn(0, 2))
                .hasMessageContaining("histogram of 0 [0, 0, 1, 2]")
                .hasMessageContaining("slot 3");
        assertThatThrownBy(() -> assertThat(sizes).within(Duration.ofMillis(3)).hasTotal(8))
                .hasMessageContaining("within 3 ms")
                .hasMessageContaining("total");
    }

    @Test
    void aRecordingKeepsSomething(BPF bpf) {
        assertThatThrownBy(() -> Recording.of(bpf.ringBuffer("ring", Event.class), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a recording keeps one event at least, not 0");
    }

    @Test
    @BpfTest("""
            struct event { u64 n; };
            BPF_PERF_OUTPUT(events);
            int submit(struct __sk_buff *skb) {
                struct event e = { .n = 5 };
                events.perf_submit(skb, &e, sizeof(e));
                return 0;
            }
            """)
    void aPerfBufferCountsByItself(@Events(value = "events", pages = 1) Recording<Event> events) {
        submit(3);
        assertThat(events)
                .containsExactly(new Event(5), new Event(5), new Event(5))
                .noneLost();
    }
}
