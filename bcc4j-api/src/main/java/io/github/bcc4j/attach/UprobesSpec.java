package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Many functions of a program or library at once. Since Linux 6.6 they share one descriptor; before, each takes one.
 *
 * @param binary an absolute path, or a name as {@link Binaries#find} knows it
 * @param functions matches the whole names of the functions, without versions
 * @param pid the process whose threads alone are to be probed; empty for all processes
 * @param returning whether to run when the functions return instead of when they are entered
 */
public record UprobesSpec(String binary, Pattern functions, OptionalInt pid, boolean returning) implements AttachSpec {
    /** Checks the parts. */
    public UprobesSpec {
        Objects.requireNonNull(binary, "binary");
        Objects.requireNonNull(functions, "functions");
        pid.ifPresent(UprobeSpec::checkPid);
    }

    @Override
    public ProgramType programType() {
        return ProgramType.KPROBE;
    }

    @Override
    public String toString() {
        return (returning ? "r:" : "p:") + binary + ":/" + functions + "/"
                + (pid.isPresent() ? " in process " + pid.getAsInt() : "");
    }
}
