package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.PerCpu;
import io.github.bcc4j.type.Unsigned;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What can be done with whole tables: zero, delete, reduce, draw; and tables that forget. */
@Tag("native")
class TableMethodsTest {
    private static final byte[] PACKET = new byte[64];

    private static Map<Integer, Long> numbers(int n) {
        return IntStream.range(0, n).boxed().collect(Collectors.toMap(i -> i, i -> i * 10L));
    }

    @Test
    void allEntriesWithoutAnObjectForEach() {
        try (BPF bpf = BPF.fromSource("""
                struct pair { s16 a; u16 b; };
                BPF_HASH(counts, s32, u64, 10000);
                BPF_HASH(pairs, struct pair, u64);
                BPF_PERCPU_HASH(by_cpu, u32, u64);
                BPF_ARRAY(slots, u8, 5);
                """)) {
            BpfHash<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            Map<Integer, Long> written = numbers(9_999);
            written.put(-7, -1L);
            counts.putAll(written);
            Map<Integer, Long> seen = new HashMap<>();
            assertThat(counts.forEachLong((key, value) -> seen.put((int) key, value)))
                    .isTrue();
            assertThat(seen).isEqualTo(written);
            seen.clear();
            counts.forEach(seen::put);
            assertThat(seen).isEqualTo(written);

            List<Long> slots = new ArrayList<>();
            BpfArray<Byte> bytes = bpf.array("slots", Byte.class);
            bytes.set(3, (byte) -1);
            bytes.forEachLong((key, value) -> slots.add(key * 1000 + value));
            assertThat(slots).containsExactly(0L, 1000L, 2000L, 3255L, 4000L);

            record Pair(short a, @Unsigned short b) {}
            BpfHash<Pair, Long> pairs = bpf.hash("pairs", Pair.class, Long.class);
            pairs.put(new Pair((short) -2, (short) 5), 77L);
            List<Integer> raw = new ArrayList<>();
            assertThat(pairs.forEachRaw((k, keyAt, v, valueAt) -> {
                        raw.add((int) k.get(ValueLayout.JAVA_SHORT, keyAt));
                        raw.add((int) v.get(ValueLayout.JAVA_LONG, valueAt));
                    }))
                    .isTrue();
            assertThat(raw).containsExactly(-2, 77);
            assertThat(pairs.keyLayout().name()).isEqualTo("struct pair");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pairs.forEachLong((k, v) -> {}))
                    .withMessage("the keys of pairs are no integers of at most 8 bytes, but struct pair");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            bpf.perCpuHash("by_cpu", Integer.class, Long.class).forEachLong((k, v) -> {}))
                    .withMessage("the values of by_cpu are lists of one for each CPU: reduce them, or use forEachRaw");
            assertThatIllegalStateException()
                    .isThrownBy(() -> counts.forEach((k, v) -> {
                        throw new IllegalStateException("enough");
                    }))
                    .withMessage("enough");
        }
    }

    @Test
    void drainsThatKeepNothing() {
        try (BPF bpf = BPF.fromSource("BPF_HASH(counts, s32, u64, 10000); BPF_PERCPU_HASH(by_cpu, u32, u64);")) {
            BpfHash<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            Map<Integer, Long> written = numbers(10_000);
            Map<Integer, Long> seen = new HashMap<>();
            counts.putAll(written);
            assertThat(counts.drainLong((key, value) -> seen.put((int) key, value)))
                    .isTrue();
            assertThat(seen).isEqualTo(written);
            assertThat(counts.isEmpty()).isTrue();

            seen.clear();
            counts.putAll(written);
            assertThat(counts.drain(seen::put)).isTrue();
            assertThat(seen).isEqualTo(written);
            assertThat(counts.isEmpty()).isTrue();

            BpfHash<Integer, List<Long>> byCpu = bpf.perCpuHash("by_cpu", Integer.class, Long.class);
            int cpus = Cpus.possible().cardinality();
            byCpu.put(5, Collections.nCopies(cpus, 7L));
            List<Long> sums = new ArrayList<>();
            assertThat(byCpu.drain((key, values) ->
                            sums.add(values.stream().mapToLong(Long::longValue).sum())))
                    .isTrue();
            assertThat(sums).containsExactly(7L * cpus);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> byCpu.drainLong((k, v) -> {}))
                    .withMessage("the values of by_cpu are lists of one for each CPU: reduce them, or use forEachRaw");
        }
    }

    @Test
    void aDrainLosesNothingOfWhatItHasDeletedIfItsActionThrows() {
        try (BPF bpf = BPF.fromSource("BPF_HASH(counts, s32, u64, 10000);")) {
            BpfHash<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            Map<Integer, Long> written = numbers(10_000);
            counts.putAll(written);
            Map<Integer, Long> seen = new HashMap<>();
            IllegalStateException refused = new IllegalStateException("not 77, nor 78");
            assertThatIllegalStateException()
                    .isThrownBy(() -> {
                        while (true) { // ends with the batch of the first that is refused
                            counts.drainLong((key, value) -> {
                                seen.put((int) key, value);
                                if (key == 77 || key == 78) {
                                    throw refused;
                                }
                            });
                        }
                    })
                    .isSameAs(refused);
            seen.putAll(counts.snapshot().entries());
            assertThat(seen).isEqualTo(written);
        }
    }

    @Test
    void aTableIsZeroedWithItsKeysKept() {
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(counts, u32, u64, 10000);
                BPF_ARRAY(slots, u64, 3);
                BPF_PERCPU_HASH(by_cpu, u32, u64);
                int f(void *ctx) {
                    u32 key = 3;
                    u64 n = 5;
                    by_cpu.update(&key, &n);
                    return 0;
                }
                """)) {
            BpfHash<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            counts.putAll(numbers(10_000));
            counts.zero();
            assertThat(counts.keySet()).hasSize(10_000);
            assertThat(counts.values()).containsOnly(0L);
            BpfArray<Long> slots = bpf.array("slots", Long.class);
            slots.set(1, 5L);
            slots.zero();
            assertThat(slots.asList()).containsExactly(0L, 0L, 0L);
            BpfHash<Integer, List<Long>> byCpu = bpf.perCpuHash("by_cpu", Integer.class, Long.class);
            bpf.program("f", ProgramType.SOCKET_FILTER).testRun(PACKET);
            assertThat(PerCpu.sum(byCpu.get(3))).isEqualTo(5);
            byCpu.zero();
            assertThat(byCpu.get(3)).containsOnly(0L);
        }
    }

    @Test
    void manyKeysAreDeletedAtOnceThoseThatAreThere() {
        try (BPF bpf = BPF.fromSource("BPF_HASH(counts, u32, u64, 10000);\nint f(void *ctx) { return 0; }")) {
            BpfHash<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
            counts.putAll(numbers(10_000));
            List<Integer> gone = Stream.concat(IntStream.range(0, 9_000).boxed(), Stream.of(77_777, 99_998, 99_999))
                    .sorted((a, b) -> Integer.compare(a * 31 % 1009, b * 31 % 1009)) // those that are not there amidst
                    .toList();
            assertThat(counts.deleteAll(gone)).isEqualTo(9_000);
            assertThat(counts.keySet())
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(9_000, 10_000).boxed().toList());
            assertThat(counts.deleteAll(gone)).isZero();
            assertThat(counts.deleteAll(List.of())).isZero();
        }
    }

    @Test
    void whatTheCpusCountedIsReduced() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PERCPU_HASH(by_key, u32, u64);
                BPF_PERCPU_ARRAY(by_index, u32, 2);
                int f(void *ctx) { return 0; }
                """)) {
            BpfHash<Integer, List<Long>> byKey = bpf.perCpuHash("by_key", Integer.class, Long.class);
            BpfArray<List<Integer>> byIndex = bpf.perCpuArray("by_index", Integer.class);
            int cpus = byIndex.get(0).size();
            byKey.put(1, IntStream.range(0, cpus).mapToObj(c -> c + 1L).toList());
            byKey.put(
                    2,
                    IntStream.range(0, cpus)
                            .mapToObj(c -> c == cpus - 1 ? 42L : 0L)
                            .toList());
            Map<Integer, Long> sums = byKey.reduced(PerCpu::sum);
            assertThat(sums).containsOnly(Map.entry(1, cpus * (cpus + 1L) / 2), Map.entry(2, 42L));
            assertThat(sums.get(3)).isNull();
            byKey.remove(1);
            assertThat(sums).containsOnly(Map.entry(2, 42L)).doesNotContainKey(1); // it is live
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> sums.put(1, 1L));
            assertThat(byKey.reduced(PerCpu::max).get(2)).isEqualTo(42);
            assertThat(byKey.reduced(PerCpu::average).get(2)).isEqualTo(42.0 / cpus);
            assertThat(PerCpu.any(byKey.get(2))).contains(42L);
            assertThat(PerCpu.any(byIndex.get(0))).isEmpty();
            assertThat(byKey.snapshot().map(PerCpu::sum).entries()).isEqualTo(sums);
        }
    }

    @Test
    @Conforms("test_lru.py TestLru.test_lru_hash")
    @Conforms("test_flags.py TestLru.test_lru_map_flags")
    @Conforms("test_flags.py TestLru.test_hash_map_flags")
    void tablesThatForget() {
        try (BPF bpf = BPF.fromSource("""
                BPF_TABLE("lru_hash", u32, u64, common, 64);
                BPF_F_TABLE("lru_hash", u32, u64, by_cpu, 512, BPF_F_NO_COMMON_LRU);
                BPF_TABLE("lru_percpu_hash", u32, u64, per_cpu, 64);
                BPF_F_TABLE("hash", int, u64, lazy, 64, BPF_F_NO_PREALLOC);
                BPF_PERCPU_ARRAY(one, u64, 1);
                int f(void *ctx) { return 0; }
                """)) {
            BpfHash<Integer, Long> common = bpf.hash("common", Integer.class, Long.class);
            numbers(1000).forEach(common::set);
            assertThat(common.size()).isBetween(1, 64);
            assertThat(common).containsEntry(999, 9990L).doesNotContainKey(0);
            assertThat(common.snapshot().entries())
                    .allSatisfy((k, v) -> assertThat(v).isEqualTo(k * 10L));
            assertThat(bpf.maps().get("by_cpu").flags()).isEqualTo(2); // BPF_F_NO_COMMON_LRU
            assertThat(bpf.maps().get("lazy").flags()).isEqualTo(1); // BPF_F_NO_PREALLOC
            BpfHash<Integer, Long> byCpu = bpf.hash("by_cpu", Integer.class, Long.class);
            numbers(5000).forEach(byCpu::set);
            assertThat(byCpu.size()).isBetween(1, 512);
            BpfHash<Integer, List<Long>> perCpu = bpf.perCpuHash("per_cpu", Integer.class, Long.class);
            List<Long> ones = Collections.nCopies(
                    bpf.perCpuArray("one", Long.class).get(0).size(), 1L);
            IntStream.range(0, 1000).forEach(i -> perCpu.set(i, ones));
            assertThat(perCpu.size()).isBetween(1, 64);
            assertThat(PerCpu.sum(perCpu.get(999))).isEqualTo(ones.size());
        }
    }

    record Key(String disk, @Unsigned int slot) {}

    @Test
    void histogramsByKeyAreDrawnUnderHeadings() {
        try (BPF bpf = BPF.fromSource("""
                struct key { char disk[8]; u32 slot; };
                BPF_HISTOGRAM(sizes, struct key);
                BPF_HISTOGRAM(plain);
                int f(void *ctx) { return 0; }
                """)) {
            BpfHash<Key, Long> sizes = bpf.hash("sizes", Key.class, Long.class);
            sizes.put(new Key("sdb", 1), 4L);
            sizes.put(new Key("sda", 2), 1L);
            assertThat(bpf.histogram("sizes", String.class).log2("kB", k -> "disk = " + k))
                    .isEqualTo("""

                    disk = sda
                         kB                  : count     distribution
                             0 -> 1          : 0        |                                        |
                             2 -> 3          : 1        |****************************************|

                    disk = sdb
                         kB                  : count     distribution
                             0 -> 1          : 4        |****************************************|
                    """);
            assertThat(bpf.histogram("sizes", String.class).linear("kB", k -> k).lines())
                    .startsWith("", "sda", "     kB            : count     distribution");
            assertThatIllegalStateException()
                    .isThrownBy(() -> bpf.histogram("plain").log2("kB", k -> ""))
                    .withMessageContaining("has no keys: use slots()");
        }
    }
}
