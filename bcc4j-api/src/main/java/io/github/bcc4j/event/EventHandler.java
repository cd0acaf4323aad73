package io.github.bcc4j.event;

/**
 * Receives events one by one.
 *
 * @param <E> the event type
 */
@FunctionalInterface
public interface EventHandler<E> {
    /**
     * Takes an event. What it throws reaches the caller of {@code poll} or {@code consume}; this event then counts as delivered and
     * the next call goes on with the one after it.
     *
     * @param cpu the CPU the event was submitted on
     * @param event the event
     */
    void event(int cpu, E event);
}
