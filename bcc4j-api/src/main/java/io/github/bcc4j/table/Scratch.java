package io.github.bcc4j.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calling thread's memory for one key and one value, zeroed: cheaper than an arena for each call. */
final class Scratch implements AutoCloseable {
    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment memory = Arena.ofAuto().allocate(256, 8);
    private MemorySegment key;
    private MemorySegment value;
    private boolean taken;

    private Scratch() {}

    static Scratch take(KernelMap map) {
        Scratch mine = MINE.get();
        Scratch scratch = mine.taken ? new Scratch() : mine; // taken: by a record whose accessor asks a table itself
        long valueAt = Math.ceilDiv(map.keySize(), 8) * 8;
        long size = valueAt + map.valueSize();
        if (scratch.memory.byteSize() < size) {
            scratch.memory = Arena.ofAuto().allocate(size, 8);
        }
        scratch.memory.asSlice(0, size).fill((byte) 0);
        scratch.key = scratch.memory.asSlice(0, map.keySize());
        scratch.value = scratch.memory.asSlice(valueAt, map.valueSize());
        scratch.taken = true;
        return scratch;
    }

    MemorySegment key() {
        return key;
    }

    MemorySegment value() {
        return value;
    }

    @Override
    public void close() {
        taken = false;
    }
}
