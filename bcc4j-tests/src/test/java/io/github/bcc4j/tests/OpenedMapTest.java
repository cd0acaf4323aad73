package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfMap;
import io.github.bcc4j.table.BpfTable;
import io.github.bcc4j.type.LayoutMismatchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maps opened without the C text they are of. Needs a bpf file system at /sys/fs/bpf. */
@Tag("native")
class OpenedMapTest {
    private static final Path PIN =
            Path.of("/sys/fs/bpf/bcc4j-open-" + ProcessHandle.current().pid());

    private static final String TEXT = """
            struct place { u32 line; char file[12]; };
            BPF_TABLE_PINNED("hash", u32, struct place, a_map_of_a_long_name, 16, "%s");
            int f(void *ctx) { u32 k = 1; a_map_of_a_long_name.lookup(&k); return 0; }
            """.formatted(PIN);

    record Place(long line, String file) {}

    @Test
    void aPinnedMapTellsItsTypes() throws Exception {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            bpf.hash("a_map_of_a_long_name", Integer.class, Place.class).put(7, new Place(70, "main.c"));
        }
        BpfTable<?, ?> afterwards;
        try (BpfMap map = BpfMap.open(PIN)) {
            assertThat(map.spec().name()).isEqualTo("a_map_of_a_long"); // the kernel keeps 15 bytes
            assertThat(map.table().toString()).isEqualTo("{7={line=70, file=main.c}}");
            assertThat(map.hash(Integer.class, Place.class)).containsOnly(Map.entry(7, new Place(70, "main.c")));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> map.queue(Long.class))
                    .withMessage("table \"a_map_of_a_long\" is a hash, not a queue: use hash()");
            assertThatExceptionOfType(LayoutMismatchException.class)
                    .isThrownBy(() -> map.hash(Integer.class, Long.class))
                    .withMessageContaining("struct place");
            try (BpfMap same = BpfMap.open(map.id())) {
                same.hash(Integer.class, Place.class).put(8, new Place(80, "other.c"));
                assertThat(map.hash(Integer.class, Place.class)).containsEntry(8, new Place(80, "other.c"));
            }
            afterwards = map.table();
        } finally {
            Files.delete(PIN);
        }
        assertThatIllegalStateException()
                .isThrownBy(afterwards::isEmpty)
                .withMessage("table \"a_map_of_a_long\" is closed");
    }

    @Test
    void aMapWithoutTypesHasNumbers() throws Exception {
        String text = "BPF_QUEUESTACK_PINNED(\"queue\", kept, u64, 4, 0, \"" + PIN + "\");\n"
                + "int f(void *ctx) { return 0; }";
        try (BPF bpf = BPF.fromSource(text);
                BpfMap map = BpfMap.open(PIN)) {
            bpf.queue("kept", Long.class).push(5L);
            assertThat(map.queue(Long.class).pop()).contains(5L);
        } finally {
            Files.delete(PIN);
        }
    }

    @Test
    void aMapIsOpenedByTheIdInAMapOfMaps() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PERCPU_ARRAY(numbers, u64, 2);
                BPF_ARRAY_OF_MAPS(maps, "numbers", 4);
                int f(void *ctx) { return 0; }
                """)) {
            bpf.arrayOfMaps("maps").put(0, bpf.perCpuArray("numbers", Long.class));
            try (BpfMap numbers = BpfMap.open(bpf.arrayOfMaps("maps").id(0).orElseThrow())) {
                assertThat(numbers.perCpuArray(Long.class).get(1)).isNotEmpty().containsOnly(0L);
            }
        }
    }

    @Test
    void aFrozenMapIsForProgramsToWrite() throws Exception {
        try (BPF bpf = BPF.fromSource(TEXT);
                BpfMap map = BpfMap.open(PIN)) {
            assertThat(bpf.maps()).hasSize(1);
            BpfHash<Integer, Place> table = map.hash(Integer.class, Place.class);
            table.put(1, new Place(1, "a"));
            map.bytes().freeze();
            assertThat(table.get(1)).isEqualTo(new Place(1, "a"));
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> table.put(2, new Place(2, "b")))
                    .withMessageContaining("set a key of table \"a_map_of_a_long\": EPERM")
                    .withMessageContaining("the table is frozen: only programs can write to it");
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(map.bytes()::freeze)
                    .withMessageContaining("freeze table \"a_map_of_a_long\": EPERM");
        } finally {
            Files.delete(PIN);
        }
    }

    @Test
    void whatIsNoMapIsRefused() {
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> BpfMap.open(Path.of("/sys/fs/bpf/no-such-map")))
                .withMessageContaining("open pinned map /sys/fs/bpf/no-such-map: ENOENT")
                .withMessageContaining("there is no such map");
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> BpfMap.open(Path.of("/etc/passwd")))
                .withMessageContaining("open pinned map /etc/passwd: EACCES");
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> BpfMap.open(Integer.MAX_VALUE))
                .withMessageContaining("open map 2147483647: ENOENT")
                .withMessageContaining("bpftool map");
    }
}
