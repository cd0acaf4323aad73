package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.type.Unsigned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maps made by C text: every kind loads, also those that take no BTF; the kinds with typed views count what programs count. */
@Tag("native")
class MapKindsTest {
    @Test
    void everyKindOfMapLoads() {
        try (BPF bpf = BPF.fromSource("""
                struct lpm { u32 prefix; u32 address; };
                BPF_HASH(a_hash, u32, u64);
                BPF_ARRAY(an_array, u64, 3);
                BPF_PERCPU_HASH(a_percpu_hash, u32, u32);
                BPF_PERCPU_ARRAY(a_percpu_array, u32, 3);
                BPF_TABLE("lru_hash", u32, u64, an_lru_hash, 16);
                BPF_TABLE("lru_percpu_hash", u32, u64, an_lru_percpu_hash, 16);
                BPF_LPM_TRIE(a_trie, struct lpm, u64, 16);
                BPF_HISTOGRAM(a_histogram);
                BPF_STACK_TRACE(some_stacks, 16);
                BPF_PROG_ARRAY(some_programs, 4);
                BPF_PERF_OUTPUT(an_output);
                BPF_PERF_ARRAY(some_counters, 4);
                BPF_RINGBUF_OUTPUT(a_ring, 8);
                BPF_QUEUE(a_queue, u64, 4);
                BPF_STACK(a_stack, u64, 4);
                BPF_CGROUP_ARRAY(some_cgroups, 1);
                BPF_DEVMAP(some_devices, 4);
                BPF_CPUMAP(some_cpus, 4);
                BPF_XSKMAP(some_sockets, 4);
                BPF_TABLE("hash", u32, u64, an_inner, 4);
                BPF_ARRAY_OF_MAPS(some_arrays, "an_inner", 4);
                BPF_HASH_OF_MAPS(some_hashes, u32, "an_inner", 4);
                int f(void *ctx) { return 0; }
                """)) {
            assertThat(bpf.maps()).hasSize(22);
            assertThat(bpf.maps().get("some_arrays").innerMap()).isGreaterThanOrEqualTo(0);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.hash("a_ring", Integer.class, Long.class))
                    .withMessage("table \"a_ring\" is a ring buffer, not a hash: use ringBuffer()");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.array("a_hash", Long.class))
                    .withMessage("table \"a_hash\" is a hash, not an array: use hash()");
        }
    }

    @Test
    void perCpuCountsAddUp() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PERCPU_HASH(by_pid, u32, u32);
                BPF_PERCPU_ARRAY(all, u64, 1);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32, one = 1;
                    u32 *count = by_pid.lookup(&pid);
                    if (count)
                        *count += 1;
                    else    // increment() inserts nothing into a per-CPU hash on some kernels
                        by_pid.update(&pid, &one);
                    all.increment(0);
                    return 0;
                }
                """)) {
            Map<Integer, Integer> expected = new HashMap<>();
            IntStream.range(1, 6)
                    .forEach(i -> expected.put((int) Workloads.getppids(i * 10).pid(), i * 10));
            Map<Integer, Integer> sums = new HashMap<>();
            bpf.perCpuHash("by_pid", Integer.class, Integer.class)
                    .forEach((pid, cpus) ->
                            sums.put(pid, cpus.stream().mapToInt(c -> c).sum()));
            assertThat(sums).containsAllEntriesOf(expected);
            List<Long> all = bpf.perCpuArray("all", Long.class).get(0);
            assertThat(all.stream().mapToLong(c -> c).sum())
                    .isEqualTo(sums.values().stream().mapToLong(s -> s).sum());
        }
    }

    record Key(String comm, @Unsigned int slot) {}

    @Test
    void histogramsByAKeyAndUntypedTables() {
        try (BPF bpf = BPF.fromSource("""
                struct key { char comm[16]; u32 slot; };
                BPF_HISTOGRAM(dist, struct key);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    struct key k = {};
                    bpf_get_current_comm(&k.comm, sizeof(k.comm));
                    k.slot = 2;
                    dist.increment(k);
                    k.slot = 4;
                    dist.increment(k);
                    dist.increment(k);
                    return 0;
                }
                """)) {
            Workloads.getppids(10);
            assertThat(bpf.histogram("dist", String.class).slotsByKey())
                    .hasEntrySatisfying("python3", slots -> assertThat(slots).containsExactly(0, 0, 10, 0, 20));
            assertThat(bpf.hash("dist", Key.class, Long.class)).containsEntry(new Key("python3", 4), 20L);
            assertThat(bpf.table("dist").toString()).contains("{comm=python3, slot=2}=10");
        }
    }
}
