package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.table.BpfHistogram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Histograms that programs fill with values the test chooses. */
@Tag("native")
@BpfTest(HistogramTest.TEXT)
class HistogramTest {
    /** Each packet begins with the value to be counted, and a tag. */
    static final String TEXT = """
            struct packet { u64 value; u64 tag; };
            static inline int take(struct __sk_buff *skb, struct packet *p) {
                return bpf_skb_load_bytes(skb, 14, p, sizeof(*p));
            }
            BPF_HISTOGRAM(plain);
            BPF_HISTOGRAM(exact);
            int count(struct __sk_buff *skb) {
                struct packet p = {};
                if (take(skb, &p))
                    return 0;
                plain.increment(bpf_log2l(p.value));
                plain.atomic_increment(bpf_log2l(p.value));
                exact.increment(p.value & 7);
                return bpf_log2l(p.value);
            }
            struct by_tag { u64 tag; u64 slot; };
            BPF_HISTOGRAM(tagged, struct by_tag, 1024);
            struct inner { u64 tag; u64 low; };
            struct by_both { struct inner both; u64 slot; };
            BPF_HISTOGRAM(nested, struct by_both, 1024);
            int count_by_tag(struct __sk_buff *skb) {
                struct packet p = {};
                if (take(skb, &p))
                    return 0;
                struct by_tag t = { .tag = p.tag, .slot = bpf_log2l(p.value) };
                tagged.increment(t);
                tagged.atomic_increment(t);
                struct by_both b = { .both = { .tag = p.tag, .low = p.value & 1 }, .slot = bpf_log2l(p.value) };
                nested.increment(b);
                return 0;
            }
            struct by_name { char name[TASK_COMM_LEN]; u64 slot; };
            BPF_HISTOGRAM(named, struct by_name, 1024);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                struct by_name n = { .slot = bpf_log2l(100) };
                bpf_get_current_comm(&n.name, sizeof(n.name));
                named.increment(n);
                named.atomic_increment(n);
                return 0;
            }
            """;

    private static byte[] packet(long value, long tag) {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.nativeOrder())
                .putLong(14, value)
                .putLong(22, tag)
                .array();
    }

    @Test
    @Conforms("test_histogram.py TestHistogram.test_simple")
    void powersOfTwoFallIntoTheirSlots(BPF bpf) {
        var count = bpf.program("count", ProgramType.SCHED_CLS);
        BpfHistogram<Void> plain = bpf.histogram("plain");
        assertThat(plain.log2("x")).isEmpty();
        long[] expected = new long[64];
        for (int i = 0; i < 63; i++) {
            assertThat(count.testRun(packet(1L << i, 0), i % 3 + 1)).isNotNull();
            expected[i + 1] = 2L * (i % 3 + 1);
        }
        assertThat(plain.slots()).isEqualTo(expected);
        plain.clear();
        count.testRun(packet(5, 0), 4);
        count.testRun(packet(1, 0), 1);
        assertThat(plain.slots()).containsExactly(0, 2, 0, 8);
        assertThat(plain.log2("bytes")).isEqualTo("""
                     bytes               : count     distribution
                         0 -> 1          : 2        |**********                              |
                         2 -> 3          : 0        |                                        |
                         4 -> 7          : 8        |****************************************|
                """);
        assertThat(Arrays.stream(bpf.histogram("exact").slots()).sum()).isEqualTo(5 + 126);
    }

    record Both(long tag, long low) {}

    @Test
    @Conforms("test_histogram.py TestHistogram.test_struct")
    @Conforms("test_histogram.py TestHistogram.test_multiple_key")
    void structsAreKeysOfHistograms(BPF bpf) {
        var count = bpf.program("count_by_tag", ProgramType.SCHED_CLS);
        count.testRun(packet(9, 22), 3);
        count.testRun(packet(2, 22), 1);
        count.testRun(packet(1, 11), 5);
        assertThat(bpf.histogram("tagged", Long.class).slotsByKey())
                .hasSize(2)
                .hasEntrySatisfying(22L, s -> assertThat(s).containsExactly(0, 0, 2, 0, 6))
                .hasEntrySatisfying(11L, s -> assertThat(s).containsExactly(0, 10));
        BpfHistogram<Both> nested = bpf.histogram("nested", Both.class);
        Map<Both, long[]> slots = nested.slotsByKey();
        assertThat(slots).containsOnlyKeys(new Both(22, 1), new Both(22, 0), new Both(11, 1));
        assertThat(slots.get(new Both(22, 1))).containsExactly(0, 0, 0, 0, 3);
        assertThat(nested.log2("size", k -> "%3d %d".formatted(k.tag(), k.low())))
                .isEqualTo("""

                         11 1
                             size                : count     distribution
                                 0 -> 1          : 5        |****************************************|

                         22 0
                             size                : count     distribution
                                 0 -> 1          : 0        |                                        |
                                 2 -> 3          : 1        |****************************************|

                         22 1
                             size                : count     distribution
                                 0 -> 1          : 0        |                                        |
                                 2 -> 3          : 0        |                                        |
                                 4 -> 7          : 0        |                                        |
                                 8 -> 15         : 3        |****************************************|
                        """);
    }

    @Test
    @Conforms("test_histogram.py TestHistogram.test_chars")
    void namesAreKeysOfHistograms(BPF bpf) {
        Workloads.getppids(10);
        BpfHistogram<String> named = bpf.histogram("named", String.class);
        assertThat(named.slotsByKey())
                .hasEntrySatisfying("python3", s -> assertThat(s).containsExactly(0, 0, 0, 0, 0, 0, 0, 20));
        assertThat(named.log2("n", k -> "name = " + k).lines())
                .contains("name = python3")
                .anyMatch(l -> l.matches(" +64 -> 127 +: 20 .*"));
    }
}
