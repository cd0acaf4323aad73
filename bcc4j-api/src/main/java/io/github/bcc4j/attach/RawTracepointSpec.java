package io.github.bcc4j.attach;

import java.util.Objects;

/**
 * A static trace point of the kernel, with its raw arguments: faster than {@link TracepointSpec}, and in any namespace. Kernel
 * floor: 4.17.
 *
 * @param name its name, without a category
 */
public record RawTracepointSpec(String name) implements AttachSpec {
    /** Checks the name. */
    public RawTracepointSpec {
        Objects.requireNonNull(name, "name");
        if (!name.matches("\\w+")) {
            throw new IllegalArgumentException("a raw tracepoint has a plain name, not \"" + name + '"');
        }
    }

    @Override
    public ProgramType programType() {
        return ProgramType.RAW_TRACEPOINT;
    }

    @Override
    public String toString() {
        return "rt:" + name;
    }
}
