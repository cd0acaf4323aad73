package io.github.bcc4j.compile.child;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;

/** The places in bytecode that name a map: two-slot loads ({@code ld_imm64}) with source register 1. */
public final class MapReferences {
    private static final int LD_IMM64 = 0x18;
    private static final int BPF_PSEUDO_MAP_FD = 1;

    private MapReferences() {}

    /**
     * Gives other numbers to the maps.
     *
     * @param code bytecode
     * @param number from the number that is there to the one to put there
     * @return changed bytecode
     */
    public static byte[] replace(byte[] code, IntUnaryOperator number) {
        byte[] result = code.clone();
        ByteBuffer buffer = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < result.length; at += 8) {
            if (result[at] == LD_IMM64) {
                if ((result[at + 1] >> 4 & 0xf) == BPF_PSEUDO_MAP_FD) {
                    buffer.putInt(at + 4, number.applyAsInt(buffer.getInt(at + 4)));
                }
                at += 8;
            }
        }
        return result;
    }
}
