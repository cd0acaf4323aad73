package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A hash of as many entries as it has room for, read, written and emptied by batches. */
@Tag("native")
@BpfTest("BPF_HASH(full, int, int, 1024);")
class MapBatchTest {
    private static final int SIZE = 1024;

    private BpfHash<Integer, Integer> full;

    private static Map<Integer, Integer> values(int from, int to, IntUnaryOperator value) {
        return IntStream.range(from, to).boxed().collect(Collectors.toMap(k -> k, value::applyAsInt));
    }

    private static final Map<Integer, Integer> SAME = values(0, SIZE, k -> k);

    @BeforeEach
    void fill(@Table("full") BpfHash<Integer, Integer> table) {
        full = table;
        SAME.forEach(full::set);
    }

    @Test
    @Conforms("test_map_batch_ops.py TestMapBatch.test_lookup_batch_all_keys")
    @Conforms("test_map_batch_ops.py TestMapBatch.test_lookup_and_delete_batch_all_keys")
    void everythingIsReadAndTakenOut() {
        Snapshot<Integer, Integer> read = full.snapshot();
        assertThat(read.entries()).isEqualTo(SAME);
        assertThat(read.complete()).isTrue();
        assertThat(full).hasSize(SIZE);
        Snapshot<Integer, Integer> taken = full.drain();
        assertThat(taken.entries()).isEqualTo(SAME);
        assertThat(taken.complete()).isTrue();
        assertThat(full).isEmpty();
    }

    @Test
    @Conforms("test_map_batch_ops.py TestMapBatch.test_delete_batch_all_keys")
    void everythingIsDeleted() {
        full.clear();
        assertThat(full).isEmpty();
        assertThat(full.snapshot().entries()).isEmpty();
    }

    @Test
    @Conforms("test_map_batch_ops.py TestMapBatch.test_delete_batch_subset")
    void someAreDeleted() {
        List<Integer> gone = IntStream.range(0, 32).boxed().toList();
        assertThat(full.deleteAll(gone)).isEqualTo(32);
        assertThat(full).isEqualTo(values(32, SIZE, k -> k));
    }

    @Test
    @Conforms("test_map_batch_ops.py TestMapBatch.test_update_batch_all_keys")
    @Conforms("test_map_batch_ops.py TestMapBatch.test_update_batch_subset")
    void someOrAllAreWritten() {
        full.putAll(values(0, 32, k -> k * k));
        assertThat(full).isEqualTo(values(0, SIZE, k -> k < 32 ? k * k : k));
        full.putAll(values(0, SIZE, k -> -1));
        assertThat(full).hasSize(SIZE);
        assertThat(full.values()).containsOnly(-1);
    }
}
