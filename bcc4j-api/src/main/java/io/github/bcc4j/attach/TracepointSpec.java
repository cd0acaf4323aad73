package io.github.bcc4j.attach;

import java.util.Objects;

/**
 * A static trace point of the kernel, with its formatted fields. Kernel floor: 4.7.
 *
 * @param category its folder below {@code /sys/kernel/tracing/events}
 * @param name its name
 */
public record TracepointSpec(String category, String name) implements AttachSpec {
    /** Checks the parts. */
    public TracepointSpec {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(name, "name");
        if (!category.matches("\\w[\\w-]*") || !name.matches("\\w+")) {
            throw new IllegalArgumentException("not a tracepoint: \"" + category + ":" + name + '"');
        }
    }

    /**
     * A tracepoint by its full name.
     *
     * @param tracepoint {@code category:name}
     * @return the place
     */
    public static TracepointSpec of(String tracepoint) {
        int colon = tracepoint.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("a tracepoint is written category:name, not \"" + tracepoint + '"');
        }
        return new TracepointSpec(tracepoint.substring(0, colon), tracepoint.substring(colon + 1));
    }

    @Override
    public ProgramType programType() {
        return ProgramType.TRACEPOINT;
    }

    @Override
    public String toString() {
        return "t:" + category + ":" + name;
    }
}
