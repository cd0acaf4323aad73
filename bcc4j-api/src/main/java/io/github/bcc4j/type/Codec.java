package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;

/**
 * Reads and writes one C type as one Java type. Immutable and thread-safe. Memory need not be aligned.
 *
 * @param <T> the Java type
 */
public interface Codec<T> {
    /**
     * The C type.
     *
     * @return its layout
     */
    Layout layout();

    /**
     * Bytes of the C type.
     *
     * @return its size
     */
    default long size() {
        return layout().size();
    }

    /**
     * Reads a value.
     *
     * @param memory where
     * @param offset at which byte
     * @return a new value, which does not refer to the memory
     */
    T read(MemorySegment memory, long offset);

    /**
     * Writes a value. Padding and members that the Java type leaves out are not touched: let the memory be zero before.
     *
     * @param memory where
     * @param offset at which byte
     * @param value what
     */
    void write(MemorySegment memory, long offset, T value);
}
