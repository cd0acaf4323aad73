package io.github.bcc4j.tools.probe;

import io.github.bcc4j.tools.cli.Intervals;
import io.github.bcc4j.tools.cli.Output;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options of tools that probe all places whose names match a pattern. */
public final class Matching {
    @Parameters(paramLabel = "PATTERN", description = "[p|t|u:][library:]name, in which * stands for anything.")
    private String pattern;

    @Option(
            names = {"-r", "--regexp"},
            description = "The pattern is a regular expression.")
    private boolean regexp;

    @Option(
            names = {"-p", "--pid"},
            description = "Trace this process only.")
    private Integer pid;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Seconds between reports; without it there is one, at the end.")
    private double interval;

    @Option(
            names = {"-T", "--timestamp"},
            description = "Print the time of day.")
    private boolean timestamp;

    /** For picocli. */
    public Matching() {}

    /**
     * The pattern.
     *
     * @return as the user wrote it
     */
    public String pattern() {
        return pattern;
    }

    /**
     * The process.
     *
     * @return its id; null for all
     */
    public Integer pid() {
        return pid;
    }

    /**
     * The process whose static probes are looked at.
     *
     * @return empty for all
     */
    public OptionalInt process() {
        return pid == null ? OptionalInt.empty() : OptionalInt.of(pid);
    }

    /**
     * The places.
     *
     * @return at least one
     * @throws IllegalArgumentException if there are none, or too many
     */
    public List<ProbeSpec> places() {
        return Places.matching(pattern, regexp, process());
    }

    /**
     * Says what is traced, for people.
     *
     * @param out where to
     * @param functions how many
     */
    public void title(Output out, int functions) {
        out.text("Tracing %d functions for \"%s\"... Hit Ctrl-C to end.%n", functions, pattern);
    }

    /**
     * When to report.
     *
     * @return not begun
     */
    public Intervals intervals() {
        return Intervals.of(interval);
    }

    /**
     * What stands before a report, for people.
     *
     * @param out where to
     * @param first what comes before the time
     */
    public void begin(Output out, String first) {
        out.text("%s%s", first, timestamp ? Intervals.clock() + "\n" : "");
    }
}
