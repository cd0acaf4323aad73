package io.github.bcc4j.event;

/** Hands a ring's events to one handler. */
interface Delivery {
    /**
     * Gives events to the handler and their room back to the kernel, also if the handler throws.
     *
     * @param ring a ring of the handler's buffer
     * @param limit how many at most
     * @return how many
     */
    int drain(Loop.Ring ring, int limit);
}
