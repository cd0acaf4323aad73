package io.github.bcc4j.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.type.Btf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables against maps of the running kernel. */
@Tag("native")
class TablesTest {
    private static final Btf NO_TYPES = Btf.parse(new byte[0]);
    private static final String U32 = "\"unsigned int\"";
    private static final String U64 = "\"unsigned long long\"";

    private final List<KernelMap> maps = new ArrayList<>();

    private KernelMap map(int type, int entries, String value, int valueSize) {
        MapSpec spec = new MapSpec(
                "test", type, 4, valueSize, entries, 0, 0, 0, -1, Optional.empty(), false, U32, value, List.of());
        int fd = BpfMaps.create(new BpfMaps.Attr("test", type, 4, valueSize, entries, 0, 0, 0, 0, 0));
        assertThat(fd).isGreaterThanOrEqualTo(0);
        KernelMap map = KernelMap.adopt(spec, fd);
        maps.add(map);
        return map;
    }

    private BpfHash<Integer, Long> hash(int entries) {
        return BpfHash.of(map(1, entries, U64, 8), NO_TYPES, Integer.class, Long.class);
    }

    @AfterEach
    void closeMaps() {
        maps.forEach(KernelMap::close);
    }

    @Test
    void isAMapLikeAnyOther() {
        Map<Integer, Long> table = hash(10);
        assertThat(table).isEmpty();
        assertThat(table.put(1, 10L)).isNull();
        assertThat(table.put(1, 11L)).isEqualTo(10);
        assertThat(table.putIfAbsent(1, 12L)).isEqualTo(11);
        assertThat(table.putIfAbsent(2, 20L)).isNull();
        assertThat(table.replace(3, 30L)).isNull();
        assertThat(table.replace(2, 21L)).isEqualTo(20);
        assertThat(table).containsOnly(Map.entry(1, 11L), Map.entry(2, 21L)).isEqualTo(Map.of(1, 11L, 2, 21L));
        assertThat(table.getOrDefault(9, -1L)).isEqualTo(-1);
        assertThat(table.merge(1, 5L, Long::sum)).isEqualTo(16);
        assertThat(table.remove(2)).isEqualTo(21);
        assertThat(table.remove(2)).isNull();
        assertThat(table.keySet()).containsExactly(1);
        table.entrySet().iterator().next().setValue(99L);
        assertThat(table.get(1)).isEqualTo(99);
        table.put(5, 50L);
        table.keySet().removeIf(k -> k == 5);
        assertThat(table.values()).containsExactly(99L);
    }

    @Test
    void batchesAndSingleStepsReadTheSame() {
        KernelMap map = map(1, 50_000, U64, 8);
        BpfHash<Integer, Long> table = BpfHash.of(map, NO_TYPES, Integer.class, Long.class);
        Map<Integer, Long> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            expected.put(i * 7, (long) i);
        }
        table.putAll(expected);
        Snapshot<Integer, Long> batched = table.snapshot();
        Snapshot<Integer, Long> single =
                BpfHash.of(map, NO_TYPES, Integer.class, Long.class).snapshot();
        assertThat(batched.complete()).isTrue();
        assertThat(single.complete()).isTrue();
        assertThat(batched.entries()).isEqualTo(expected);
        assertThat(single.entries()).isEqualTo(expected);
        assertThat(table.size()).isEqualTo(50_000);
        Snapshot<Integer, Long> drained = table.drain();
        assertThat(drained.entries()).isEqualTo(expected);
        assertThat(table).isEmpty();
        table.putAll(expected);
        table.clear();
        assertThat(table).isEmpty();
    }

    @Test
    void aFullTableSaysSo() {
        Map<Integer, Long> table = hash(3);
        for (int i = 0; i < 3; i++) {
            table.put(i, 1L);
        }
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> table.put(3, 1L))
                .withMessageContaining("set a key of table \"test\": E2BIG")
                .withMessageContaining("the table is full, it holds 3 entries");
        assertThatExceptionOfType(BpfSyscallException.class).isThrownBy(() -> table.putAll(Map.of(7, 1L, 8, 2L)));
        assertThat(table).hasSize(3);
    }

    @Test
    void readingEndsWhileOthersWrite() throws InterruptedException {
        BpfHash<Integer, Long> table = hash(20_000);
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                table.set(i % 15_000, (long) i);
                table.remove((i + 7_500) % 15_000);
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(table.snapshot().entries()).hasSizeLessThanOrEqualTo(20_000);
                assertThat(table.size()).isLessThanOrEqualTo(40_000);
                table.clear();
            }
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void arraysHaveEveryIndex() {
        BpfArray<Long> array = BpfArray.of(map(2, 4, U64, 8), NO_TYPES, Long.class);
        assertThat(array).hasSize(4).containsEntry(3, 0L);
        array.put(2, 7L);
        assertThat(array.values()).containsExactly(0L, 0L, 7L, 0L);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> array.get(4))
                .withMessage("index 4 of table \"test\", which has 4");
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> array.remove((Object) 2));
        array.clear();
        assertThat(array.values()).containsOnly(0L);
    }

    @Test
    void perCpuTablesHaveAValueForEachPossibleCpu() {
        int cpus = Cpus.possible().length();
        List<Integer> ones = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            ones.add(cpu + 1);
        }
        BpfHash<Integer, List<Integer>> hash =
                BpfHash.perCpu(map(5, 10, U32, 4), NO_TYPES, Integer.class, Integer.class);
        hash.put(1, ones);
        assertThat(hash).containsOnly(Map.entry(1, ones));
        BpfArray<List<Integer>> array = BpfArray.perCpu(map(6, 3, U32, 4), NO_TYPES, Integer.class);
        array.put(2, ones);
        assertThat(new TreeMap<>(array).get(2)).isEqualTo(ones);
        assertThat(array.get(0)).hasSize(cpus).containsOnly(0);
    }

    @Test
    void histogramsAreReadAndDrawn() {
        BpfArray.of(map(2, 64, U64, 8), NO_TYPES, Long.class).putAll(Map.of(2, 3L, 3, 6L));
        BpfHistogram<Void> histogram = BpfHistogram.of(maps.getFirst(), NO_TYPES);
        assertThat(histogram.slots()).containsExactly(0, 0, 3, 6);
        assertThat(histogram.log2("usecs").lines()).hasSize(4);
        histogram.clear();
        assertThat(histogram.slots()).isEmpty();
        assertThat(histogram.log2("usecs")).isEmpty();
    }

    @Test
    void aClosedTableNamesItself() {
        Map<Integer, Long> table = hash(3);
        maps.getFirst().close();
        maps.getFirst().close();
        assertThatIllegalStateException().isThrownBy(() -> table.get(1)).withMessage("table \"test\" is closed");
        assertThatIllegalStateException().isThrownBy(table::size).withMessage("table \"test\" is closed");
    }
}
