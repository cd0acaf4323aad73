package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names of processes that still run. */
public final class Comms {
    /** Looks them up when they are asked for. */
    public Comms() {}

    /**
     * A process's name.
     *
     * @param pid its number
     * @return as in {@code /proc/PID/comm}; {@code [unknown]} if it has ended
     */
    public String name(int pid) {
        if (pid == 0) {
            return "[idle]";
        }
        try {
            return Files.readString(Path.of("/proc", Integer.toUnsignedString(pid), "comm"))
                    .stripTrailing();
        } catch (IOException ended) {
            return "[unknown]";
        }
    }
}
