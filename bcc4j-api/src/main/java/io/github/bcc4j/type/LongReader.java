package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;

/**
 * Reads whatever C keeps as an integer of at most 8 bytes, without an object. Immutable and thread-safe.
 */
public final class LongReader {
    private final long size;
    private final boolean signed;

    private LongReader(long size, boolean signed) {
        this.size = size;
        this.signed = signed;
    }

    /**
     * A reader of a C type.
     *
     * @param layout an integer, an enum or a pointer
     * @param what what is read, for the message
     * @return the reader
     * @throws IllegalArgumentException if it is something else, or longer than 8 bytes
     */
    public static LongReader of(Layout layout, String what) {
        if (!Integers.isInteger(layout)) {
            throw new IllegalArgumentException(what + " are no integers of at most 8 bytes, but " + layout.name());
        }
        CInteger c = CInteger.of(Spot.whole(layout, what));
        return new LongReader(layout.resolved().size(), c.signed());
    }

    /**
     * Reads a number.
     *
     * @param memory where
     * @param offset at which byte
     * @return the number; an unsigned one of 8 bytes may be negative here
     */
    public long read(MemorySegment memory, long offset) {
        return Scalars.readLong(memory, offset, size, signed);
    }
}
