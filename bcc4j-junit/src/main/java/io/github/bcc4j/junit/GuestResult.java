package io.github.bcc4j.junit;

import java.time.Duration;
import java.util.List;

/**
 * How one test in a guest ended.
 *
 * @param id JUnit's unique id
 * @param path the display names of what contains it: its class, then nested classes or a parameterised method
 * @param name its display name
 * @param status how it ended
 * @param duration how long it ran in the guest
 * @param detail the stack trace of a failure, the reason of a skip, what became of the guest; else empty
 */
public record GuestResult(String id, List<String> path, String name, Status status, Duration duration, String detail) {

    /** How a test ended. */
    public enum Status {
        /** It passed. */
        PASSED,
        /** It failed, or what contains it did. */
        FAILED,
        /** It was disabled, or an assumption did not hold. */
        SKIPPED,
        /** The guest died, or ran out of time, while it ran or before its turn came. */
        LOST
    }

    /**
     * The result of a test.
     *
     * @param id JUnit's unique id
     * @param path the display names of what contains it
     * @param name its display name
     * @param status how it ended
     * @param duration how long it ran
     * @param detail more about its end
     */
    public GuestResult {
        path = List.copyOf(path);
    }
}
