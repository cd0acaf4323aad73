package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of tools that show the most active again and again. */
public final class Top {
    @Option(
            names = {"-C", "--noclear"},
            description = "Don't clear the screen.")
    private boolean noClear;

    @Option(
            names = {"-r", "--maxrows"},
            paramLabel = "ROWS",
            defaultValue = "20",
            description = "Rows at most (default ${DEFAULT-VALUE}).")
    private int rows;

    @Option(names = "--noload", hidden = true, description = "Don't show the load.")
    private boolean noLoad;

    /** For picocli. */
    public Top() {}

    /**
     * How many rows to show.
     *
     * @return 1 or more
     * @throws IllegalArgumentException if the user gave less
     */
    public int rows() {
        if (rows < 1) {
            throw new IllegalArgumentException("--maxrows is 1 or more, not " + rows);
        }
        return rows;
    }

    /**
     * Begins a report, for people: on a clear screen where there is one, with the time and the machine's load.
     *
     * @param out where to
     */
    public void begin(Output out) {
        out.text(
                "%s%n",
                noClear || System.console() == null || !System.console().isTerminal() ? "" : "\u001b[H\u001b[2J");
        if (!noLoad) {
            out.text("%s loadavg: %s%n%n", Intervals.clock(), load());
        }
    }

    private static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
