package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfObjectMap;
import io.github.bcc4j.table.BpfTable;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A program counts in the map that Java put into another map, at the place that Java says. */
@Tag("native")
class MapInMapTest {
    private static final String TEXT = """
            struct place { int house; int door; };
            BPF_ARRAY(chosen, int, 1);
            BPF_TABLE("hash", int, int, red, 1024);
            BPF_TABLE("hash", int, int, green, 1024);
            BPF_ARRAY(blue, int, 1024);
            BPF_ARRAY(white, int, 1024);
            BPF_HASH_OF_MAPS(by_number, int, "red", 10);
            BPF_HASH_OF_MAPS(by_place, struct place, "red", 10);
            BPF_ARRAY_OF_MAPS(by_index, "blue", 10);
            static inline void count(void *map) {
                int zero = 0, one = 1;
                int *n = bpf_map_lookup_elem(map, &zero);
                if (n)
                    one += *n;
                bpf_map_update_elem(map, &zero, &one, 0);
            }
            int number(void *ctx) {
                int zero = 0, *n = chosen.lookup(&zero);
                if (!n || *n == 0)
                    return 0;
                int key = *n;
                void *map = by_number.lookup(&key);
                if (map)
                    count(map);
                return 0;
            }
            int place(void *ctx) {
                int zero = 0, *n = chosen.lookup(&zero);
                if (!n || *n == 0)
                    return 0;
                struct place key = { 1, *n };
                void *map = by_place.lookup(&key);
                if (map)
                    count(map);
                return 0;
            }
            int index(void *ctx) {
                int zero = 0, *n = chosen.lookup(&zero);
                if (!n || *n == 0)
                    return 0;
                int key = *n;
                void *map = by_index.lookup(&key);
                if (map)
                    count(map);
                return 0;
            }
            """;

    private static void run(BPF bpf, String program, int chosen, int times) {
        bpf.array("chosen", Integer.class).set(0, chosen);
        bpf.program(program, ProgramType.SOCKET_FILTER).testRun(new byte[64], times);
    }

    record Place(int house, int door) {}

    @Test
    @Conforms("test_map_in_map.py TestUDST.test_hash_table")
    @Conforms("test_map_in_map.py TestUDST.test_hash_table_custom_key")
    void hashesInAHashByNumberOrStruct() {
        for (String program : new String[] {"number", "place"}) {
            try (BPF bpf = BPF.fromSource(TEXT)) {
                BpfHash<Integer, Integer> red = bpf.hash("red", Integer.class, Integer.class);
                BpfHash<Integer, Integer> green = bpf.hash("green", Integer.class, Integer.class);
                if (program.equals("number")) {
                    BpfObjectMap<Integer, BpfTable<?, ?>> maps = bpf.hashOfMaps("by_number", Integer.class);
                    maps.put(1, red);
                    maps.put(2, green);
                } else {
                    BpfObjectMap<Place, BpfTable<?, ?>> maps = bpf.hashOfMaps("by_place", Place.class);
                    maps.put(new Place(1, 1), red);
                    maps.put(new Place(1, 2), green);
                }
                run(bpf, program, 0, 3);
                run(bpf, program, 7, 3); // where nothing is
                assertThat(red).isEmpty();
                run(bpf, program, 1, 5);
                assertThat(red).containsOnly(Map.entry(0, 5));
                assertThat(green).isEmpty();
                run(bpf, program, 2, 3);
                assertThat(green).containsOnly(Map.entry(0, 3));
                assertThat(red).containsOnly(Map.entry(0, 5));
                if (program.equals("number")) {
                    assertThat(bpf.hashOfMaps("by_number", Integer.class).remove(1))
                            .isTrue();
                } else {
                    assertThat(bpf.hashOfMaps("by_place", Place.class).remove(new Place(1, 1)))
                            .isTrue();
                }
                run(bpf, program, 1, 5);
                assertThat(red).containsOnly(Map.entry(0, 5));
            }
        }
    }

    @Test
    @Conforms("test_map_in_map.py TestUDST.test_array_table")
    void arraysInAnArray() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            BpfArray<Integer> blue = bpf.array("blue", Integer.class);
            BpfArray<Integer> white = bpf.array("white", Integer.class);
            bpf.arrayOfMaps("by_index").put(1, blue);
            bpf.arrayOfMaps("by_index").put(2, white);
            run(bpf, "index", 1, 4);
            assertThat(blue.get(0)).isEqualTo(4);
            assertThat(white.get(0)).isZero();
            run(bpf, "index", 2, 6);
            assertThat(blue.get(0)).isEqualTo(4);
            assertThat(white.get(0)).isEqualTo(6);
        }
    }
}
