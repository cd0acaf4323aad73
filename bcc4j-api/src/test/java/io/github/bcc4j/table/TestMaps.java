package io.github.bcc4j.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.type.Btf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Maps of the running kernel, made without a compiler and closed together. */
final class TestMaps implements AutoCloseable {
    static final Btf NO_TYPES = Btf.parse(new byte[0]);
    static final String U32 = "\"unsigned int\"";
    static final String U64 = "\"unsigned long long\"";
    static final int HASH = 1;
    static final int ARRAY = 2;
    static final int PER_CPU_HASH = 5;
    static final int PER_CPU_ARRAY = 6;
    static final int LRU_HASH = 9;
    static final int LPM_TRIE = 11;

    private final List<KernelMap> maps = new ArrayList<>();

    /** A map with u32 keys. */
    KernelMap map(int type, int entries, String value, int valueSize) {
        return map(spec(type, 4, U32, entries, value, valueSize, type == LPM_TRIE ? 1 : 0), false);
    }

    static MapSpec spec(int type, int keySize, String key, int entries, String value, int valueSize, int flags) {
        return new MapSpec(
                "test",
                type,
                keySize,
                valueSize,
                entries,
                flags,
                0,
                0,
                -1,
                Optional.empty(),
                false,
                key,
                value,
                List.of());
    }

    /** A map, as an old kernel would treat it if so wished. */
    KernelMap map(MapSpec spec, boolean old) {
        int fd = BpfMaps.create(new BpfMaps.Attr(
                "test", spec.type(), spec.keySize(), spec.valueSize(), spec.maxEntries(), spec.flags(), 0, 0, 0, 0));
        assertThat(fd).isGreaterThanOrEqualTo(0);
        KernelMap map = old ? KernelMap.adoptAsOld(spec, fd) : KernelMap.adopt(spec, fd);
        maps.add(map);
        return map;
    }

    BpfHash<Integer, Long> hash(int entries, boolean old) {
        return BpfHash.of(map(spec(HASH, 4, U32, entries, U64, 8, 0), old), NO_TYPES, Integer.class, Long.class);
    }

    @Override
    public void close() {
        maps.forEach(KernelMap::close);
    }
}
