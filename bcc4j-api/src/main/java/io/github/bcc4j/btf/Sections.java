package io.github.bcc4j.btf;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Where types and strings lie in a BTF blob; both are inside it. */
record Sections(ByteBuffer data, int types, int typesEnd, int strings, int stringsLength) {
    /** The bytes that every type begins with. */
    static final int COMMON = 12;

    private static final int MAGIC = 0xeB9F;
    private static final int HEADER = 24;

    static Sections of(ByteBuffer data) {
        int length = data.limit();
        if (length < HEADER || (data.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF: it does not begin with 0xeb9f in little-endian order");
        }
        long header = unsigned(data, 4);
        long types = header + unsigned(data, 8);
        long typesEnd = types + unsigned(data, 12);
        long strings = header + unsigned(data, 16);
        long stringsLength = unsigned(data, 20);
        if (header < HEADER || typesEnd > length || strings + stringsLength > length) {
            throw new IllegalArgumentException("not BTF: its sections lie outside of its " + length + " bytes");
        }
        return new Sections(data, (int) types, (int) typesEnd, (int) strings, (int) stringsLength);
    }

    private static long unsigned(ByteBuffer data, int at) {
        return data.getInt(at) & 0xffffffffL;
    }

    /**
     * Where each type begins.
     *
     * @param firstId the id of the first, for messages
     * @param stringsBefore how many bytes of strings the base has
     * @throws IllegalArgumentException if one is cut off, of no known kind, or named outside of the strings
     */
    int[] index(int firstId, int stringsBefore) {
        int[] offsets = new int[Math.max(16, (typesEnd - types) / 20)];
        int count = 0;
        for (int at = types; at < typesEnd; count++) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            offsets[count] = at;
            if (typesEnd - at < COMMON) {
                throw bad(firstId + count, "ends too early");
            }
            int info = data.getInt(at + 4);
            Kind kind = Kind.of(info >>> 24 & 0x1f);
            if (kind == null || kind == Kind.VOID) {
                throw bad(firstId + count, "is of unknown kind " + (info >>> 24 & 0x1f));
            }
            if (unsigned(data, at) >= (long) stringsBefore + stringsLength) {
                throw bad(firstId + count, "has its name outside of the strings");
            }
            int size = COMMON + kind.fixed + kind.each * (info & 0xffff);
            if (typesEnd - at < size) {
                throw bad(firstId + count, "ends too early");
            }
            at += size;
        }
        return Arrays.copyOf(offsets, count);
    }

    private static IllegalArgumentException bad(int id, String what) {
        return new IllegalArgumentException("BTF type " + id + " " + what);
    }
}
