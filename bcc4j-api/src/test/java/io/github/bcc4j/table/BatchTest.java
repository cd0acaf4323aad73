package io.github.bcc4j.table;

import static io.github.bcc4j.table.TestMaps.ARRAY;
import static io.github.bcc4j.table.TestMaps.HASH;
import static io.github.bcc4j.table.TestMaps.LPM_TRIE;
import static io.github.bcc4j.table.TestMaps.LRU_HASH;
import static io.github.bcc4j.table.TestMaps.NO_TYPES;
import static io.github.bcc4j.table.TestMaps.U32;
import static io.github.bcc4j.table.TestMaps.U64;
import static io.github.bcc4j.table.TestMaps.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Errno;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Going through maps of the running kernel, by batches and as on kernels that have none. */
@Tag("native")
class BatchTest {
    private final TestMaps maps = new TestMaps();

    @AfterEach
    void closeMaps() {
        maps.close();
    }

    private static Map<Integer, Long> numbers(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> i * 7919, i -> (long) i));
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void everyEntryIsReadOnceAndOnlyOnce(boolean old) {
        Map<Integer, Long> expected = numbers(100_000);
        BpfHash<Integer, Long> table = maps.hash(100_000, old);
        table.putAll(expected);
        Snapshot<Integer, Long> all = table.snapshot();
        assertThat(all.complete()).isTrue();
        assertThat(all.entries()).isEqualTo(expected);
        assertThat(table.size()).isEqualTo(100_000);
        Map<Integer, Long> iterated = new HashMap<>();
        for (Map.Entry<Integer, Long> e : table.entrySet()) {
            assertThat(iterated.put(e.getKey(), e.getValue())).isNull();
        }
        assertThat(iterated).isEqualTo(expected);
        assertThat(table.values().stream().mapToLong(v -> v).sum()).isEqualTo(100_000L * 99_999 / 2);
        Snapshot<Integer, Long> drained = table.drain();
        assertThat(drained.complete()).isTrue();
        assertThat(drained.entries()).isEqualTo(expected);
        assertThat(table.isEmpty()).isTrue();
        assertThat(table.drain()).isEqualTo(new Snapshot<>(Map.of(), true));
        table.putAll(expected);
        table.clear();
        assertThat(table.size()).isZero();
        assertThat(table.snapshot().entries()).isEmpty();
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void entriesMayBeRemovedAndSetWhileIterating(boolean old) {
        BpfHash<Integer, Long> table = maps.hash(10_000, old);
        table.putAll(numbers(10_000));
        table.values().removeIf(v -> v % 3 != 0);
        assertThat(table.size()).isEqualTo(3334);
        table.entrySet().forEach(e -> e.setValue(e.getValue() + 1));
        assertThat(table.values()).hasSize(3334).allMatch(v -> v % 3 == 1);
        assertThat(table.keySet().retainAll(Set.of(0, 3 * 7919))).isTrue();
        assertThat(table).isEqualTo(Map.of(0, 1L, 3 * 7919, 4L));
    }

    /** A key that this table deletes while it is the one to go on from: an old kernel begins anew. */
    @Test
    void anOldKernelsRestartShowsNoEntryTwice() {
        BpfHash<Integer, Long> table = maps.hash(5000, true);
        table.putAll(numbers(5000));
        Set<Integer> seen = new HashSet<>();
        for (Integer key : table.keySet()) {
            assertThat(seen.add(key)).isTrue();
            table.delete(key);
            table.delete(key + 7919);
        }
        assertThat(seen).hasSizeBetween(4096, 5000);
        assertThat(table.keySet()).allMatch(k -> !seen.contains(k));
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void readingEndsWhileOthersWrite(boolean old) throws InterruptedException {
        BpfHash<Integer, Long> table = maps.hash(20_000, old);
        for (int i = 0; i < 5000; i++) {
            table.set(-1 - i, (long) i);
        }
        AtomicBoolean stop = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; !stop.get(); i++) {
                table.set(i % 12_000, (long) i);
                table.delete((i + 6000) % 12_000);
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                Snapshot<Integer, Long> all = table.snapshot();
                assertThat(all.entries()).hasSizeLessThanOrEqualTo(20_000);
                if (all.complete()) {
                    assertThat(all.entries().keySet()).contains(-1, -2500, -5000);
                }
                assertThat(table.keySet().stream().filter(k -> k < 0).count()).isLessThanOrEqualTo(5000);
                assertThat(table.entrySet().stream().toList()).isNotEmpty();
                assertThat(table.size()).isLessThanOrEqualTo(40_000);
            }
            assertThat(table.drain().entries()).hasSizeLessThanOrEqualTo(40_000);
        } finally {
            stop.set(true);
            writer.join();
        }
    }

    @Test
    void countsAreDrainedOnceEachWhileTheyAreMade() throws InterruptedException {
        BpfHash<Integer, Long> table = maps.hash(1000, false);
        int total = 100_000;
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 0; i < total; ) {
                try {
                    table.set(i, 1L);
                    i++;
                } catch (BpfSyscallException e) {
                    assertThat(e.errno()).isEqualTo(Errno.E2BIG);
                    Thread.onSpinWait(); // full: the drain makes room
                }
            }
        });
        Map<Integer, Long> drained = new LinkedHashMap<>();
        boolean running = true;
        while (running) {
            running = writer.isAlive();
            table.drain()
                    .entries()
                    .forEach((k, v) -> assertThat(drained.put(k, v)).isNull());
        }
        writer.join();
        assertThat(drained).hasSize(total);
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void aFullTableSaysHowFarItCame(boolean old) {
        BpfHash<Integer, Long> table = maps.hash(3, old);
        Map<Integer, Long> four = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            four.put(i, 1L);
        }
        String tried = old ? "set a key of" : "set the next key, after 3, of";
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> table.putAll(four))
                .withMessage(
                        "%s table \"test\": E2BIG (Argument list too long)%n  hint: the table is full, it holds 3"
                                + " entries or the key is beyond its end: give it more in the C text, or use an LRU table",
                        tried);
        assertThat(table).hasSize(3);
    }

    @Test
    void bucketsLargerThanTheRoomAreReadAfterGrowing() {
        Map<Integer, Long> expected = numbers(60);
        KernelMap map = maps.map(HASH, 64, U64, 8);
        BpfHash<Integer, Long> table = BpfHash.of(map, NO_TYPES, Integer.class, Long.class);
        table.putAll(expected);
        try (Arena arena = Arena.ofConfined()) {
            BatchReader reader = new BatchReader(map, false, arena, 1);
            Map<Integer, Long> read = new HashMap<>();
            for (int n; (n = reader.next()) > 0; ) {
                for (int i = 0; i < n; i++) {
                    read.put(
                            reader.keys().get(java.lang.foreign.ValueLayout.JAVA_INT, i * 4L),
                            reader.values().get(java.lang.foreign.ValueLayout.JAVA_LONG, i * 8L));
                }
            }
            assertThat(read).isEqualTo(expected);
            assertThat(reader.isComplete()).isTrue();
        }
    }

    @Test
    void arraysAreFilledAndClearedByBatches() {
        for (boolean old : List.of(false, true)) {
            BpfArray<Long> array =
                    BpfArray.of(maps.map(spec(ARRAY, 4, U32, 10_000, U64, 8, 0), old), NO_TYPES, Long.class);
            array.putAll(IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> i, i -> i * 3L)));
            assertThat(array.asList()).hasSize(10_000).startsWith(0L, 3L, 6L).endsWith(29_997L);
            assertThat(array.asList().indexOf(300L)).isEqualTo(100);
            assertThat(array.asList().set(7, 1L)).isEqualTo(21L);
            assertThat(array.get(7)).isEqualTo(1);
            array.clear();
            assertThat(array.snapshot().entries().values()).hasSize(10_000).containsOnly(0L);
        }
    }

    @Test
    void lruHashesForgetTheOldest() {
        BpfHash<Integer, Long> table = BpfHash.of(maps.map(LRU_HASH, 100, U64, 8), NO_TYPES, Integer.class, Long.class);
        table.putAll(numbers(1000));
        assertThat(table.size()).isBetween(1, 100);
        assertThat(table.snapshot().complete()).isTrue();
        table.clear();
        assertThat(table.isEmpty()).isTrue();
    }

    record Prefix(@io.github.bcc4j.type.Unsigned int bits, byte[] address) {}

    private static Prefix prefix(int bits, int... address) {
        byte[] bytes = new byte[4];
        for (int i = 0; i < address.length; i++) {
            bytes[i] = (byte) address[i];
        }
        return new Prefix(bits, bytes);
    }

    @Test
    void triesFindTheLongestPrefix() {
        String key = "[\"prefix\", [[\"bits\", \"unsigned int\"], [\"address\", \"unsigned char\", [4]]], \"struct\"]";
        BpfHash<Prefix, Long> trie =
                BpfHash.of(maps.map(spec(LPM_TRIE, 8, key, 100, U64, 8, 1), false), NO_TYPES, Prefix.class, Long.class);
        trie.put(prefix(8, 10), 8L);
        trie.put(prefix(24, 10, 1, 2), 24L);
        assertThat(trie.get(prefix(32, 10, 1, 2, 3))).isEqualTo(24);
        assertThat(trie.get(prefix(32, 10, 9, 9, 9))).isEqualTo(8);
        assertThat(trie.get(prefix(32, 11, 9, 9, 9))).isNull();
        assertThat(trie.size()).isEqualTo(2);
        assertThat(trie.remove(prefix(24, 10, 1, 2))).isEqualTo(24);
        assertThat(trie.get(prefix(32, 10, 1, 2, 3))).isEqualTo(8);
        trie.clear();
        assertThat(trie.isEmpty()).isTrue();
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void manyKeysAreDeletedThoseThatAreThere(boolean old) {
        BpfHash<Integer, Long> table = maps.hash(10_000, old);
        table.putAll(numbers(10_000));
        List<Integer> gone = IntStream.range(0, 10_000)
                .mapToObj(i -> i % 5 == 0 ? -i - 1 : i * 7919) // every fifth is not there
                .toList();
        assertThat(table.deleteAll(gone)).isEqualTo(8_000);
        assertThat(table.size()).isEqualTo(2_000);
        assertThat(table.keySet()).allMatch(k -> k / 7919 % 5 == 0);
    }

    @ParameterizedTest(name = "old kernel: {0}")
    @ValueSource(booleans = {false, true})
    void zeroKeepsTheKeys(boolean old) {
        BpfHash<Integer, Long> table = maps.hash(10_000, old);
        table.putAll(numbers(10_000));
        table.zero();
        assertThat(table.snapshot().entries().values()).hasSize(10_000).containsOnly(0L);
    }
}
