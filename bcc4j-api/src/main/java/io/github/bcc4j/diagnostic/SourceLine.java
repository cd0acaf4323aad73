package io.github.bcc4j.diagnostic;

import io.github.bcc4j.type.Btf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A line of the C text that instructions were made from.
 *
 * @param file its file
 * @param line from 1
 * @param column from 1
 * @param text the line, without spaces around it; empty if it is not known
 */
public record SourceLine(String file, int line, int column, String text) {
    /**
     * Reads line records. Source: {@code struct bpf_line_info} in the kernel's uapi/linux/bpf.h.
     *
     * @param records the records, one after the other
     * @param size bytes of a record
     * @param btf what their names are in
     * @return the lines by the index of the instruction that each begins at; those made by the compiler for no line in particular
     *     are left out
     */
    public static NavigableMap<Integer, SourceLine> of(byte[] records, int size, Btf btf) {
        NavigableMap<Integer, SourceLine> lines = new TreeMap<>();
        ByteBuffer r = ByteBuffer.wrap(records).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; size >= 16 && at + size <= records.length; at += size) {
            int lineAndColumn = r.getInt(at + 12);
            if (lineAndColumn >>> 10 != 0) {
                lines.put(
                        r.getInt(at),
                        new SourceLine(
                                btf.string(r.getInt(at + 4)),
                                lineAndColumn >>> 10,
                                lineAndColumn & 0x3ff,
                                btf.string(r.getInt(at + 8)).strip()));
            }
        }
        return lines;
    }
}
