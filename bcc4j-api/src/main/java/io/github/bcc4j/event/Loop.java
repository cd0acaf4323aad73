package io.github.bcc4j.event;

/** Goes through what is in a ring. */
interface Loop {
    /**
     * Gives up to {@code limit} events to the handler and their room back to the kernel, also if the handler throws.
     *
     * @param ring a ring of this loop's kind
     * @param limit how many at most
     * @param handler receives them
     * @return how many
     */
    int drain(Ring ring, int limit, RawEventHandler handler);

    /** What a loop goes through; one reader at a time. */
    sealed interface Ring permits CpuRing, RecordRing {
        /** Ends a reading under way after its current event; there will be no other. */
        void stop();
    }
}
