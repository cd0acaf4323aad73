package io.github.bcc4j.type;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Texts of 16 bytes, which are mostly names of commands: few, and in every event. The last ones are kept, so that a name that was read
 * before is found, not made. Thread-safe: entries never change, and a lost one is made again.
 */
final class Names {
    static final int SIZE = 16;

    private static final int SLOT_BITS = 8;
    private static final Entry[] KNOWN = new Entry[1 << SLOT_BITS];
    private static final long ONES = 0x0101_0101_0101_0101L;

    /** A name's bytes, those behind its end zero. */
    private record Entry(long first, long second, String text) {}

    private Names() {}

    static String read(MemorySegment memory, long offset) {
        long first = upToNul(memory.get(JAVA_LONG_UNALIGNED, offset));
        long second = first >>> 56 == 0 ? 0 : upToNul(memory.get(JAVA_LONG_UNALIGNED, offset + 8));
        int slot = (int) ((first ^ Long.rotateLeft(second, 31)) * 0x9e37_79b9_7f4a_7c15L >>> 64 - SLOT_BITS);
        Entry entry = KNOWN[slot];
        if (entry == null || entry.first != first || entry.second != second) {
            entry = new Entry(first, second, text(first, second));
            KNOWN[slot] = entry;
        }
        return entry.text;
    }

    /** The bytes before the first that is zero; the others become zero. */
    private static long upToNul(long bytes) {
        int bits = Long.numberOfTrailingZeros(bytes - ONES & ~bytes & ONES << 7) & ~7;
        return bits == 64 ? bytes : bytes & (1L << bits) - 1;
    }

    private static String text(long first, long second) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second);
        int length = first >>> 56 == 0 ? length(first) : 8 + length(second);
        return new String(bytes.array(), 0, length, StandardCharsets.UTF_8);
    }

    private static int length(long bytes) {
        return 8 - Long.numberOfLeadingZeros(bytes) / 8;
    }
}
