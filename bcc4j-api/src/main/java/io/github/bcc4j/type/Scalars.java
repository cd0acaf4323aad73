package io.github.bcc4j.type;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/** Numbers in memory, of any size and alignment, little-endian as all of BPF on the supported machines. */
final class Scalars {
    private Scalars() {}

    static long readLong(MemorySegment memory, long offset, long size, boolean signed) {
        return switch ((int) size) {
            case 1 -> signed ? memory.get(JAVA_BYTE, offset) : memory.get(JAVA_BYTE, offset) & 0xffL;
            case 2 ->
                signed ? memory.get(JAVA_SHORT_UNALIGNED, offset) : memory.get(JAVA_SHORT_UNALIGNED, offset) & 0xffffL;
            case 4 ->
                signed ? memory.get(JAVA_INT_UNALIGNED, offset) : memory.get(JAVA_INT_UNALIGNED, offset) & 0xffffffffL;
            default -> memory.get(JAVA_LONG_UNALIGNED, offset);
        };
    }

    static void writeLong(MemorySegment memory, long offset, long size, long value) {
        switch ((int) size) {
            case 1 -> memory.set(JAVA_BYTE, offset, (byte) value);
            case 2 -> memory.set(JAVA_SHORT_UNALIGNED, offset, (short) value);
            case 4 -> memory.set(JAVA_INT_UNALIGNED, offset, (int) value);
            default -> memory.set(JAVA_LONG_UNALIGNED, offset, value);
        }
    }

    /** A bit-field of up to 64 bits that begins at any bit. */
    static long readBits(MemorySegment memory, long bitOffset, int bits, boolean signed) {
        long value = 0;
        for (int i = 0; i < bits; ) {
            long at = bitOffset + i;
            int inByte = (int) (at % 8);
            int take = Math.min(8 - inByte, bits - i);
            long part = memory.get(JAVA_BYTE, at / 8) >> inByte & (1 << take) - 1;
            value |= part << i;
            i += take;
        }
        return signed && bits < 64 ? value << 64 - bits >> 64 - bits : value;
    }

    static void writeBits(MemorySegment memory, long bitOffset, int bits, long value) {
        for (int i = 0; i < bits; ) {
            long at = bitOffset + i;
            int inByte = (int) (at % 8);
            int take = Math.min(8 - inByte, bits - i);
            int mask = (1 << take) - 1;
            int part = (int) (value >>> i) & mask;
            int old = memory.get(JAVA_BYTE, at / 8);
            memory.set(JAVA_BYTE, at / 8, (byte) (old & ~(mask << inByte) | part << inByte));
            i += take;
        }
    }

    static BigInteger readBig(MemorySegment memory, long offset, long size, boolean signed) {
        byte[] bytes = readBytes(memory, offset, size);
        for (int i = 0; i < bytes.length / 2; i++) {
            byte b = bytes[i];
            bytes[i] = bytes[bytes.length - 1 - i];
            bytes[bytes.length - 1 - i] = b;
        }
        return signed ? new BigInteger(bytes) : new BigInteger(1, bytes);
    }

    static void writeBig(MemorySegment memory, long offset, long size, BigInteger value) {
        for (int i = 0; i < size; i++) {
            memory.set(JAVA_BYTE, offset + i, value.shiftRight(8 * i).byteValue());
        }
    }

    static byte[] readBytes(MemorySegment memory, long offset, long size) {
        byte[] bytes = new byte[(int) size];
        MemorySegment.copy(memory, JAVA_BYTE, offset, bytes, 0, bytes.length);
        return bytes;
    }

    static void writeBytes(MemorySegment memory, long offset, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, offset, bytes.length);
    }

    static double readDouble(MemorySegment memory, long offset, long size) {
        return size == 4 ? memory.get(JAVA_FLOAT_UNALIGNED, offset) : memory.get(JAVA_DOUBLE_UNALIGNED, offset);
    }

    static void writeDouble(MemorySegment memory, long offset, long size, double value) {
        if (size == 4) {
            memory.set(JAVA_FLOAT_UNALIGNED, offset, (float) value);
        } else {
            memory.set(JAVA_DOUBLE_UNALIGNED, offset, value);
        }
    }
}
