package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.table.BpfArray;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Arrays as maps from indices and as lists. */
@Tag("native")
@BpfTest("BPF_ARRAY(numbers, u64, 128);")
class ArrayTest {
    @Test
    @Conforms("test_array.py TestArray.test_simple")
    void everyIndexHasAValueFromTheStart(@Table("numbers") BpfArray<Long> numbers) {
        numbers.put(0, 100L);
        numbers.put(127, 1000L);
        assertThat(numbers).hasSize(128).contains(Map.entry(0, 100L), Map.entry(127, 1000L));
        assertThat(numbers.snapshot().entries().entrySet().stream().filter(e -> e.getValue() != 0))
                .containsExactly(Map.entry(0, 100L), Map.entry(127, 1000L));
    }

    /** Python counts from the end by negative indices, Java by a list that is reversed. */
    @Test
    @Conforms("test_array.py TestArray.test_native_type")
    void theListOfItsValuesCanBeReadAndWrittenFromEitherEnd(@Table("numbers") BpfArray<Long> numbers) {
        List<Long> list = numbers.asList();
        list.set(0, 100L);
        list.reversed().set(1, 37L);
        list.set(127, 1000L);
        assertThat(list).hasSize(128);
        assertThat(list.reversed().get(1)).isEqualTo(37);
        assertThat(list.getLast()).isEqualTo(numbers.get(127)).isEqualTo(1000);
        assertThat(numbers.entrySet().stream().filter(e -> e.getValue() != 0))
                .containsExactly(Map.entry(0, 100L), Map.entry(126, 37L), Map.entry(127, 1000L));
        for (int outside : new int[] {-1, 128}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> numbers.get(outside))
                    .withMessage("index " + Integer.toUnsignedString(outside) + " of table \"numbers\", which has 128");
        }
    }
}
