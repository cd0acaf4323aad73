package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Goes once through a map, many entries with each system call, or one by one where the kernel has no batches for this kind of map.
 * Ends after as many entries as the map can hold, whatever others write meanwhile. For one thread.
 */
final class BatchReader {
    private static final int CHUNK = 4096;

    private final KernelMap map;
    private final long keySize;
    private final long valueSize;
    private final boolean deleting;
    private final long most;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment count = arena.allocate(JAVA_INT);
    private MemorySegment cursor;
    private MemorySegment nextCursor;
    private MemorySegment keys;
    private MemorySegment values;
    private int room;
    private boolean begun;
    private boolean batches;
    private boolean ended;
    private boolean complete;
    private long seen;

    BatchReader(KernelMap map, long valueSize, boolean deleting, boolean batches) {
        this.map = map;
        this.keySize = map.spec().keySize();
        this.valueSize = valueSize;
        this.deleting = deleting;
        this.batches = batches;
        this.most = Integer.toUnsignedLong(map.spec().maxEntries());
        this.cursor = arena.allocate(Math.max(keySize, 8), 8);
        this.nextCursor = arena.allocate(Math.max(keySize, 8), 8);
        allocate((int) Math.max(1, Math.min(most, CHUNK)));
    }

    private void allocate(int entries) {
        room = entries;
        keys = arena.allocate(keySize * entries, 8);
        values = arena.allocate(valueSize * entries, 8);
    }

    static boolean isUnsupported(int result) {
        return result == -Errno.EINVAL || result == -Errno.ENOTSUPP || result == -Errno.EOPNOTSUPP;
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
            n = batches ? nextBatch() : nextOneByOne();
        }
        seen += n;
        if (seen >= 2 * most && !ended) {
            ended = true; // others add entries as fast as this reads them
        }
        return n;
    }

    private int nextBatch() {
        count.set(JAVA_INT, 0, room);
        MemorySegment in = begun ? cursor : MemorySegment.NULL;
        int result = map.raw(fd -> deleting
                ? BpfMaps.lookupAndDeleteBatch(fd, in, nextCursor, keys, values, count)
                : BpfMaps.lookupBatch(fd, in, nextCursor, keys, values, count));
        if (!begun && isUnsupported(result)) {
            batches = false;
            return 0;
        }
        if (result == -Errno.ENOSPC) { // a hash bucket holds more than there is room for
            if (room > 4 * most + CHUNK) {
                throw map.failure("read a batch of", Errno.ENOSPC);
            }
            allocate(room * 2);
            return 0;
        }
        if (result == -Errno.EINTR || result == -Errno.EAGAIN) {
            return 0;
        }
        if (result < 0 && result != -Errno.ENOENT) {
            throw map.failure("read a batch of", -result);
        }
        begun = true;
        ended = complete = result == -Errno.ENOENT;
        MemorySegment swap = cursor;
        cursor = nextCursor;
        nextCursor = swap;
        return count.get(JAVA_INT, 0);
    }

    private int nextOneByOne() {
        int n = 0;
        for (long steps = 0; n < room && steps <= most; steps++) {
            if (!map.nextKey(begun && !deleting ? cursor : MemorySegment.NULL, nextCursor)) {
                ended = complete = true;
                return n;
            }
            begun = true;
            cursor.copyFrom(nextCursor);
            MemorySegment value = values.asSlice(n * valueSize, valueSize);
            if (deleting ? map.lookupAndDelete(cursor, value) : map.lookup(cursor, value)) {
                MemorySegment.copy(cursor, 0, keys, n++ * keySize, keySize);
            }
            if (seen + n >= most) {
                // As many as there can be: only a next key would say that others have been adding.
                ended = true;
                complete = deleting || !map.nextKey(cursor, nextCursor);
                return n;
            }
        }
        return n;
    }
}
