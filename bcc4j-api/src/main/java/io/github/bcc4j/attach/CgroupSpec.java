package io.github.bcc4j.attach;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What the processes of a cgroup, and of those below it, do with sockets, devices or settings. Other programs may be attached to the
 * same cgroup; all run.
 *
 * <p>Kernel floor: 4.10 to 5.8, depending on the type. Since Linux 5.7 this is a link, which ends with its descriptor; before, the
 * program belongs to the cgroup and a killed process leaves it there ({@code bpftool cgroup detach}).
 *
 * @param cgroup its folder in the cgroup2 file system
 * @param programType one of the {@code CGROUP_} types
 */
public record CgroupSpec(Path cgroup, ProgramType programType) implements AttachSpec {
    /** Checks the parts. */
    public CgroupSpec {
        Objects.requireNonNull(cgroup, "cgroup");
        if (!programType.name().startsWith("CGROUP_")) {
            throw new IllegalArgumentException(
                    "a program of type " + programType + " is not attached to a cgroup; the types are CGROUP_...");
        }
    }

    @Override
    public String toString() {
        return programType + ":" + cgroup;
    }
}
