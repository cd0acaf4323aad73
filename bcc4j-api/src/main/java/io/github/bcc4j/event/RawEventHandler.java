package io.github.bcc4j.event;

import java.lang.foreign.MemorySegment;

/** Receives events as the bytes they lie in, with no copy. */
@FunctionalInterface
public interface RawEventHandler {
    /**
     * Takes an event. The memory is the kernel's again when this returns: read what you need, keep nothing.
     *
     * @param cpu the CPU the event was submitted on; -1 from a ring buffer, which does not tell
     * @param memory the memory it lies in, read-only by agreement
     * @param offset where in it the event begins; 4-byte aligned in a perf buffer, 8-byte in a ring buffer
     * @param size its bytes; the kernel rounds a perf buffer's up to 8n+4, a ring buffer's are exact
     */
    void event(int cpu, MemorySegment memory, long offset, int size);
}
