package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.PerCpu;
import io.github.bcc4j.type.Unsigned;
import java.util.Collections;
import java.util.List;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Values of which each CPU has its own, counted by a process that changes its CPU before each call. */
@Tag("native")
@BpfTest(PerCpuTest.TEXT)
class PerCpuTest {
    private static final int CPUS = Runtime.getRuntime().availableProcessors();

    static final String TEXT = """
            BPF_PERCPU_ARRAY(by_default);
            BPF_PERCPU_ARRAY(of_a_type, u64);
            BPF_PERCPU_ARRAY(full, u64, 1024);
            typedef struct { u32 calls; u32 twice; } pair;
            BPF_PERCPU_HASH(wide, u32, u64, 1);
            BPF_PERCPU_ARRAY(narrow, u32, 1);
            BPF_PERCPU_HASH(pairs, u32, pair, 1);
            BPF_TABLE("lru_percpu_hash", u32, u32, recent, 1);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                char comm[16];
                bpf_get_current_comm(&comm, sizeof(comm));
                if (comm[0] != 'p' || comm[6] != '3')
                    return 0;
                u32 zero = 0, none = 0;
                u64 wide_none = 0;
                pair no_pair = {};
                u64 *w = wide.lookup_or_try_init(&zero, &wide_none);
                if (w)
                    *w += 1;
                u32 *n = narrow.lookup_or_try_init(&zero, &none);
                if (n)
                    *n += 1;
                pair *p = pairs.lookup_or_try_init(&zero, &no_pair);
                if (p) {
                    p->calls += 1;
                    p->twice += 2;
                }
                u32 *r = recent.lookup_or_try_init(&zero, &none);
                if (r)
                    *r += 1;
                return 0;
            }
            """;

    record Pair(@Unsigned int calls, @Unsigned int twice) {}

    private static <V> List<V> everywhere(V value, int possible) {
        return Collections.nCopies(possible, value);
    }

    @Test
    @Conforms("test_percpu.py TestPercpu.test_helper")
    @Conforms("test_percpu.py TestPercpu.test_u64")
    @Conforms("test_percpu.py TestPercpu.test_u32")
    @Conforms("test_percpu.py TestPercpu.test_struct_custom_func")
    @Conforms("test_lru.py TestLru.test_lru_percpu_hash")
    void everyCpuCountsItsCallsAndTheyAddUp(BPF bpf) {
        assertThat(bpf.maps().get("by_default").maxEntries()).isEqualTo(10240);
        assertThat(bpf.maps().get("of_a_type").maxEntries()).isEqualTo(10240);
        assertThat(bpf.maps().get("full").maxEntries()).isEqualTo(1024);
        BpfHash<Integer, List<Long>> wide = bpf.perCpuHash("wide", Integer.class, Long.class);
        BpfArray<List<Integer>> narrow = bpf.perCpuArray("narrow", Integer.class);
        BpfHash<Integer, List<Pair>> pairs = bpf.perCpuHash("pairs", Integer.class, Pair.class);
        BpfHash<Integer, List<Integer>> recent = bpf.perCpuHash("recent", Integer.class, Integer.class);
        int possible = narrow.get(0).size();
        wide.put(0, everywhere(0L, possible));
        narrow.set(0, everywhere(0, possible));
        pairs.put(0, everywhere(new Pair(0, 0), possible));
        recent.put(1, everywhere(7, possible));
        recent.put(0, everywhere(0, possible)); // for which the other must go
        assertThat(recent).containsOnlyKeys(0);

        int calls = 100 * CPUS;
        Workloads.movingGetppids(calls);
        assertThat(wide).hasSize(1);
        assertThat(wide.get(0).subList(0, CPUS)).containsOnly(100L);
        assertThat(PerCpu.sum(wide.get(0))).isEqualTo(calls);
        assertThat(PerCpu.max(wide.get(0))).isEqualTo(100);
        assertThat(PerCpu.average(wide.get(0))).isEqualTo((double) calls / possible);
        assertThat(narrow).hasSize(1);
        assertThat(PerCpu.sum(narrow.get(0))).isEqualTo(calls);
        assertThat(PerCpu.max(narrow.get(0))).isEqualTo(100);
        assertThat(PerCpu.average(narrow.get(0))).isEqualTo((double) calls / possible);
        BinaryOperator<Pair> sum = (a, b) -> new Pair(a.calls() + b.calls(), a.twice() + b.twice());
        assertThat(pairs.reduced(cpus -> cpus.stream().reduce(new Pair(0, 0), sum)))
                .containsOnly(java.util.Map.entry(0, new Pair(calls, 2 * calls)));
        assertThat(recent).containsOnlyKeys(0);
        assertThat(PerCpu.sum(recent.get(0))).isEqualTo(calls);
        assertThat(PerCpu.max(recent.get(0))).isEqualTo(100);
        assertThat(PerCpu.average(recent.get(0))).isEqualTo((double) calls / possible);
    }
}
