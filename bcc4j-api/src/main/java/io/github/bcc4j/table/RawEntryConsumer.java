package io.github.bcc4j.table;

import java.lang.foreign.MemorySegment;

/** Takes the entries of a table as the kernel gives them. */
@FunctionalInterface
public interface RawEntryConsumer {
    /**
     * Takes an entry. The memory is overwritten after the call.
     *
     * @param keys where the key is
     * @param keyAt at which byte
     * @param values where the value is
     * @param valueAt at which byte
     */
    void accept(MemorySegment keys, long keyAt, MemorySegment values, long valueAt);
}
