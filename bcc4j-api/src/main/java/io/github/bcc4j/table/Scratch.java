package io.github.bcc4j.table;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The calling thread's memory for one key and one value, zeroed: cheaper than an arena for each call. */
final class Scratch implements AutoCloseable {
    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);

    private MemorySegment memory = Arena.ofAuto().allocate(256, 8);
    private MemorySegment all = memory;
    private MemorySegment key = memory;
    private MemorySegment value = memory;
    private boolean taken;

    private Scratch() {}

    static Scratch take(KernelMap map) {
        Scratch mine = MINE.get();
        Scratch scratch = mine.taken ? new Scratch() : mine; // taken: by a record whose accessor asks a table itself
        if (scratch.key.byteSize() != map.keySize() || scratch.value.byteSize() != map.valueSize()) {
            scratch.divide(map.keySize(), map.valueSize());
        }
        scratch.all.fill((byte) 0);
        scratch.taken = true;
        return scratch;
    }

    private void divide(long keySize, long valueSize) {
        long valueAt = Math.ceilDiv(keySize, 8) * 8;
        long size = valueAt + valueSize;
        if (memory.byteSize() < size) {
            memory = Arena.ofAuto().allocate(size, 8);
        }
        all = memory.asSlice(0, size);
        key = memory.asSlice(0, keySize);
        value = memory.asSlice(valueAt, valueSize);
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
