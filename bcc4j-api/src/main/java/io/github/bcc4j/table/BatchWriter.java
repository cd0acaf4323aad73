package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Sets many keys of a map, many with each system call, or one by one where the kernel has no batches. For one thread. */
final class BatchWriter implements AutoCloseable {
    interface Entry {
        void write(MemorySegment keys, long keyAt, MemorySegment values, long valueAt);
    }

    private final KernelMap map;
    private final Arena arena = Arena.ofConfined();
    private final int room;
    private final MemorySegment count = arena.allocate(JAVA_INT);
    private final MemorySegment keys;
    private final MemorySegment values;
    private int waiting;
    private long done;

    BatchWriter(KernelMap map) {
        this.map = map;
        this.room = BatchReader.chunk(map);
        this.keys = arena.allocate(map.keySize() * room, 8);
        this.values = arena.allocate(map.valueSize() * room, 8);
    }

    /** Adds an entry, which is written into zeroed memory. */
    void add(Entry entry) {
        entry.write(keys, waiting * map.keySize(), values, waiting * map.valueSize());
        if (++waiting == room) {
            flush();
        }
    }

    void flush() {
        if (waiting == 0) {
            return;
        }
        count.set(JAVA_INT, 0, waiting);
        int result = map.updateBatch(keys, values, count);
        if (KernelMap.isUnsupported(result)) {
            for (int i = 0; i < waiting; i++) {
                map.update(
                        keys.asSlice(i * map.keySize(), map.keySize()),
                        values.asSlice(i * map.valueSize(), map.valueSize()),
                        0);
            }
        } else if (result < 0) {
            throw map.failure("set the next key, after " + (done + count.get(JAVA_INT, 0)) + ", of", -result);
        }
        done += waiting;
        waiting = 0;
        keys.fill((byte) 0);
        values.fill((byte) 0);
    }

    @Override
    public void close() {
        arena.close();
    }
}
