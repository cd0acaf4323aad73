package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.type.Codec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Iterator;

/** Deletes many keys of a map, many with each system call, or one by one where the kernel has no batches. */
final class BatchDeleter {
    private BatchDeleter() {}

    static <K> long delete(KernelMap map, Codec<K> codec, Collection<? extends K> gone) {
        try (Arena arena = Arena.ofConfined()) {
            long size = map.keySize();
            int room = BatchReader.chunk(map);
            MemorySegment keys = arena.allocate(size * room, 8);
            MemorySegment count = arena.allocate(JAVA_INT);
            long deleted = 0;
            for (Iterator<? extends K> i = gone.iterator(); i.hasNext(); ) {
                int n = 0;
                keys.fill((byte) 0);
                for (; n < room && i.hasNext(); n++) {
                    codec.write(keys, n * size, i.next());
                }
                deleted += delete(map, keys.asSlice(0, n * size), count);
            }
            return deleted;
        }
    }

    /** The kernel stops at a key that is not there: go on behind it. */
    private static long delete(KernelMap map, MemorySegment keys, MemorySegment count) {
        long size = map.keySize();
        long n = keys.byteSize() / size;
        long deleted = 0;
        for (long at = 0; at < n; ) {
            count.set(JAVA_INT, 0, (int) (n - at));
            int result = map.deleteBatch(keys.asSlice(at * size), count);
            if (KernelMap.isUnsupported(result)) {
                return deleted + oneByOne(map, keys.asSlice(at * size));
            }
            if (result < 0 && result != -Errno.ENOENT) {
                throw map.failure("delete keys of", -result);
            }
            int done = count.get(JAVA_INT, 0);
            deleted += done;
            at += result < 0 ? done + 1 : done;
        }
        return deleted;
    }

    private static long oneByOne(KernelMap map, MemorySegment keys) {
        return keys.elements(MemoryLayout.sequenceLayout(map.keySize(), JAVA_BYTE))
                .filter(map::delete)
                .count();
    }
}
