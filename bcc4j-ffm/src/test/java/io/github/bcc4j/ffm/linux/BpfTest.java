package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.ffm.linux.Bpf.ProgramAttr;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** bpf(2) on the running kernel. */
@Tag("native")
class BpfTest {
    private static final int HASH = 1;
    private static final int ARRAY = 2;
    private static final int QUEUE = 22;
    private static final int SOCKET_FILTER = 1;

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void close() {
        arena.close();
    }

    private static Fd map(int type, int keySize, int valueSize, int maxEntries) {
        return Fd.own(
                BpfMaps.create(
                        new BpfMaps.Attr("bcc4j_bpf_test_name", type, keySize, valueSize, maxEntries, 0, 0, 0, 0, 0)),
                "map");
    }

    private MemorySegment ints(int... values) {
        return arena.allocateFrom(JAVA_INT, values);
    }

    private MemorySegment longs(long... values) {
        return arena.allocateFrom(JAVA_LONG, values);
    }

    @Test
    void elementsOfAHash() {
        try (Fd map = map(HASH, 4, 8, 2)) {
            int fd = map.number();
            MemorySegment out = arena.allocate(JAVA_LONG);
            assertThat(BpfMaps.lookup(fd, ints(1), out)).isEqualTo(-Errno.ENOENT);
            assertThat(BpfMaps.update(fd, ints(1), longs(-10), 1)).isZero();
            assertThat(BpfMaps.update(fd, ints(1), longs(11), 1)).isEqualTo(-Errno.EEXIST);
            assertThat(BpfMaps.update(fd, ints(2), longs(20), 2)).isEqualTo(-Errno.ENOENT);
            assertThat(BpfMaps.update(fd, ints(2), longs(20), 0)).isZero();
            assertThat(BpfMaps.update(fd, ints(3), longs(30), 0)).isEqualTo(-Errno.E2BIG);
            assertThat(BpfMaps.lookup(fd, ints(1), out)).isZero();
            assertThat(out.get(JAVA_LONG, 0)).isEqualTo(-10);
            assertThat(BpfMaps.delete(fd, ints(1))).isZero();
            assertThat(BpfMaps.delete(fd, ints(1))).isEqualTo(-Errno.ENOENT);
            MemorySegment key = arena.allocate(JAVA_INT);
            assertThat(BpfMaps.nextKey(fd, MemorySegment.NULL, key)).isZero();
            assertThat(key.get(JAVA_INT, 0)).isEqualTo(2);
            assertThat(BpfMaps.nextKey(fd, key, key)).isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void batchesOfAHash() {
        try (Fd map = map(HASH, 4, 8, 100)) {
            int fd = map.number();
            MemorySegment count = ints(3);
            assertThat(BpfMaps.updateBatch(fd, ints(1, 2, 3), longs(10, 20, 30), count))
                    .isZero();
            assertThat(count.get(JAVA_INT, 0)).isEqualTo(3);
            MemorySegment keys = arena.allocate(JAVA_INT, 100);
            MemorySegment values = arena.allocate(JAVA_LONG, 100);
            MemorySegment position = arena.allocate(8);
            count.set(JAVA_INT, 0, 100);
            assertThat(BpfMaps.lookupBatch(fd, MemorySegment.NULL, position, keys, values, count))
                    .isEqualTo(-Errno.ENOENT);
            assertThat(entries(keys, values, count)).isEqualTo(Map.of(1, 10L, 2, 20L, 3, 30L));
            count.set(JAVA_INT, 0, 1);
            assertThat(BpfMaps.deleteBatch(fd, ints(2), count)).isZero();
            count.set(JAVA_INT, 0, 100);
            assertThat(BpfMaps.lookupAndDeleteBatch(fd, MemorySegment.NULL, position, keys, values, count))
                    .isEqualTo(-Errno.ENOENT);
            assertThat(entries(keys, values, count)).isEqualTo(Map.of(1, 10L, 3, 30L));
            assertThat(BpfMaps.nextKey(fd, MemorySegment.NULL, keys)).isEqualTo(-Errno.ENOENT);
        }
    }

    private static Map<Integer, Long> entries(MemorySegment keys, MemorySegment values, MemorySegment count) {
        Map<Integer, Long> entries = new HashMap<>();
        for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
            entries.put(keys.getAtIndex(JAVA_INT, i), values.getAtIndex(JAVA_LONG, i));
        }
        return entries;
    }

    @Test
    void aQueueHasNoKeys() {
        try (Fd map = map(QUEUE, 0, 8, 4)) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            assertThat(BpfMaps.update(map.number(), MemorySegment.NULL, longs(5), 0))
                    .isZero();
            assertThat(BpfMaps.lookupAndDelete(map.number(), MemorySegment.NULL, out))
                    .isZero();
            assertThat(out.get(JAVA_LONG, 0)).isEqualTo(5);
            assertThat(BpfMaps.lookupAndDelete(map.number(), MemorySegment.NULL, out))
                    .isEqualTo(-Errno.ENOENT);
        }
    }

    @Test
    void aMapTellsWhatItIs() {
        try (Fd map = map(ARRAY, 4, 24, 7)) {
            MemorySegment info = arena.allocate(80, 8);
            assertThat(Bpf.info(map.number(), info)).isBetween(40, 80);
            int id = info.get(JAVA_INT, 4);
            assertThat(info.asSlice(0, 24).toArray(JAVA_INT)).containsExactly(ARRAY, id, 4, 24, 7, 0);
            assertThat(info.getString(24)).isEqualTo("bcc4j_bpf_test_");
            try (Fd again = Fd.own(Bpf.mapById(id), "map")) {
                BpfMaps.update(again.number(), ints(6), arena.allocate(24).fill((byte) 7), 0);
            }
            MemorySegment out = arena.allocate(24);
            assertThat(BpfMaps.lookup(map.number(), ints(6), out)).isZero();
            assertThat(out.toArray(JAVA_LONG)).containsOnly(0x0707070707070707L);
            int found = 0;
            while (found >= 0 && found != id) {
                found = Bpf.nextMapId(found);
            }
            assertThat(found).isEqualTo(id);
        }
    }

    @Test
    void theKernelsTypesHaveItsName() {
        String name = "";
        for (int id = Bpf.nextBtfId(0); id > 0 && !name.equals("vmlinux"); id = Bpf.nextBtfId(id)) {
            try (Fd btf = Fd.own(Bpf.btfById(id), "btf")) {
                name = Bpf.kernelBtfName(btf.number());
            }
        }
        assertThat(name).isEqualTo("vmlinux");
        try (Fd map = map(HASH, 4, 8, 2)) {
            assertThat(Bpf.kernelBtfName(map.number())).isEmpty();
        }
    }

    /** Instructions: {@code r0 = value; exit}. */
    private static byte[] returning(int value) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xb7)
                .putInt(value)
                .putLong(0x95)
                .array();
    }

    private static ProgramAttr program(byte[] instructions) {
        return new ProgramAttr(
                "bcc4j_bpf_test_name", SOCKET_FILTER, 0, instructions, "GPL", 0, 0, 0, 0, new byte[0], 0, new byte[0]);
    }

    @Test
    void aProgramRuns() {
        try (Fd program = Fd.own(Bpf.programLoad(program(returning(0xCAFE)), 0, MemorySegment.NULL), "program")) {
            MemorySegment packet = arena.allocate(64);
            assertThat(Bpf.testRun(program.number(), packet, MemorySegment.NULL, MemorySegment.NULL, 1)
                            .result())
                    .isEqualTo(0xCAFE);
            MemorySegment info = arena.allocate(80, 8);
            assertThat(Bpf.info(program.number(), info)).isEqualTo(80);
            assertThat(info.get(JAVA_INT, 0)).isEqualTo(SOCKET_FILTER);
            assertThat(info.getString(64)).isEqualTo("bcc4j_bpf_test_");
        }
    }

    @Test
    void theVerifierSaysWhyNot() {
        byte[] exitWithoutResult = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0x95)
                .array();
        MemorySegment log = arena.allocate(4096);
        assertThat(Bpf.programLoad(program(exitWithoutResult), 1, log)).isEqualTo(-Errno.EACCES);
        assertThat(log.getString(0)).contains("R0 !read_ok");
        MemorySegment small = arena.allocate(8);
        assertThat(Bpf.programLoad(program(exitWithoutResult), 1, small)).isEqualTo(-Errno.ENOSPC);
    }
}
