package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Goes once through a map, many entries with each system call, or one by one where the kernel has no batches for this kind of map.
 * Ends after twice as many steps as the map can hold entries, whatever others write meanwhile. For one thread.
 */
final class BatchReader {
    static final int CHUNK = 4096;
    static final long CHUNK_BYTES = 1 << 20;
    private static final int TRIES = 64;

    private final KernelMap map;
    private final Arena arena;
    private final boolean deleting;
    private final long most;
    private final long keySize;
    private final long valueSize;
    private final MemorySegment count;
    private Set<ByteBuffer> visited; // of those read one by one
    private MemorySegment cursor;
    private MemorySegment nextCursor;
    private MemorySegment keys;
    private MemorySegment values;
    private int room;
    private boolean begun;
    private boolean oneByOne;
    private boolean more;
    private boolean ended;
    private boolean complete;
    private long steps;
    private int interrupted;

    /** Begins, with memory of the arena: a confined one frees it at once, an automatic one when nobody iterates any more. */
    BatchReader(KernelMap map, boolean deleting, Arena arena) {
        this(map, deleting, arena, chunk(map));
    }

    /** Begins with room for so many entries. */
    BatchReader(KernelMap map, boolean deleting, Arena arena, int room) {
        this.map = map;
        this.arena = arena;
        this.deleting = deleting;
        this.keySize = map.keySize();
        this.valueSize = map.valueSize();
        this.most = Integer.toUnsignedLong(map.spec().maxEntries());
        long cursorSize = roundUp(Math.max(keySize, 8));
        MemorySegment fixed = arena.allocate(8 + 2 * cursorSize, 8);
        this.count = fixed.asSlice(0, 4);
        this.cursor = fixed.asSlice(8, cursorSize);
        this.nextCursor = fixed.asSlice(8 + cursorSize, cursorSize);
        allocate(room);
    }

    private static long roundUp(long size) {
        return size + 7 & ~7;
    }

    /** How many entries are worth one system call. */
    static int chunk(KernelMap map) {
        long fit = Math.min(CHUNK, CHUNK_BYTES / (map.keySize() + map.valueSize()));
        return (int) Math.max(1, Math.min(fit, Integer.toUnsignedLong(map.spec().maxEntries())));
    }

    private void allocate(int entries) {
        room = entries;
        MemorySegment both = arena.allocate(roundUp(keySize * entries) + valueSize * entries, 8);
        keys = both.asSlice(0, keySize * entries);
        values = both.asSlice(roundUp(keySize * entries), valueSize * entries);
    }

    MemorySegment keys() {
        return keys;
    }

    MemorySegment values() {
        return values;
    }

    /** Whether the kernel said that there are no more entries, rather than this reader having stopped itself. */
    boolean isComplete() {
        return complete;
    }

    /** Reads the next entries into {@link #keys()} and {@link #values()}; returns how many, 0 at the end. */
    int next() {
        int n = 0;
        while (n == 0 && !ended) {
            n = oneByOne ? nextOneByOne() : nextBatch();
        }
        return n;
    }

    private int nextBatch() {
        count.set(JAVA_INT, 0, room);
        int result = map.lookupBatch(deleting, begun ? cursor : MemorySegment.NULL, nextCursor, keys, values, count);
        if (!begun && KernelMap.isUnsupported(result)) {
            oneByOne = true;
            visited = new HashSet<>();
            more = map.nextKey(MemorySegment.NULL, cursor);
            return 0;
        }
        if (result == -Errno.ENOSPC && room <= 4 * most) { // a hash bucket holds more than there is room for
            allocate(room * 2);
            return 0;
        }
        if (result < 0 && result != -Errno.ENOENT && result != -Errno.EINTR) {
            throw map.failure("read a batch of", -result);
        }
        int n = count.get(JAVA_INT, 0);
        if (result == -Errno.EINTR && n == 0) { // the key to go on from is deleted again and again
            ended = ++interrupted > TRIES;
            return 0;
        }
        begun = true;
        complete = result == -Errno.ENOENT;
        steps += n;
        ended = complete || steps >= 2 * most; // others may add entries as fast as this reads them
        swapCursors();
        return n;
    }

    private int nextOneByOne() {
        int n = 0;
        while (n < room && more && steps++ <= 2 * most) {
            more = map.nextKey(cursor, nextCursor); // now: once the key has gone, the kernel begins anew
            MemorySegment value = values.asSlice(n * valueSize, valueSize);
            if (deleting ? map.lookupAndDelete(cursor, value) : isNew(cursor) && map.lookup(cursor, value)) {
                MemorySegment.copy(cursor, 0, keys, n++ * keySize, keySize);
            }
            swapCursors();
        }
        complete = !more;
        ended = complete || steps > 2 * most;
        return n;
    }

    private boolean isNew(MemorySegment key) {
        return visited.add(ByteBuffer.wrap(key.asSlice(0, keySize).toArray(JAVA_BYTE)));
    }

    private void swapCursors() {
        MemorySegment swap = cursor;
        cursor = nextCursor;
        nextCursor = swap;
    }
}
