package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;

/**
 * An integer of C in memory: whole bytes, or a bit-field from a bit of the byte it is read at.
 *
 * @param name its C type, for messages
 * @param where what it is, for messages
 * @param firstBit 0 to 7 for a bit-field, 0 for whole bytes
 * @param bits 1 to 64
 * @param signed whether it has a sign
 * @param whole whether it is no bit-field
 */
record CInteger(String name, String where, int firstBit, int bits, boolean signed, boolean whole) {
    static CInteger of(Spot spot) {
        Layout layout = spot.layout().resolved();
        boolean signed = switch (layout) {
            case Layout.Int i -> i.signed();
            case Layout.Enumeration e -> e.signed();
            default -> false;
        };
        return spot.bits() == 0
                ? new CInteger(spot.layout().name(), spot.where(), 0, (int) layout.size() * 8, signed, true)
                : new CInteger(
                        spot.layout().name() + " : " + spot.bits(),
                        spot.where(),
                        spot.firstBit(),
                        spot.bits(),
                        signed,
                        false);
    }

    /** The value, its sign extended; the bits of an unsigned one of 64. */
    long read(MemorySegment memory, long offset) {
        return whole
                ? Scalars.readLong(memory, offset, bits / 8, signed)
                : Scalars.readBits(memory, offset * 8 + firstBit, bits, signed);
    }

    /** Writes a value, which must be one this integer can have. */
    void write(MemorySegment memory, long offset, long value) {
        if (bits < 64 && (signed ? value << 64 - bits >> 64 - bits : value & (1L << bits) - 1) != value) {
            throw new IllegalArgumentException(where + ": " + value + " does not fit in " + name);
        }
        writeBits(memory, offset, value);
    }

    /** Writes the low bits of a value, whatever the others are. */
    void writeBits(MemorySegment memory, long offset, long value) {
        if (whole) {
            Scalars.writeLong(memory, offset, bits / 8, value);
        } else {
            Scalars.writeBits(memory, offset * 8 + firstBit, bits, value);
        }
    }
}
