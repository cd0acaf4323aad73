package io.github.bcc4j.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of {@code bpf_trace_printk}, taken apart.
 *
 * @param task the name of the thread it was printed in
 * @param pid its id; the kernel's pid, what others call a thread id
 * @param cpu the CPU it ran on
 * @param flags the context, as the kernel abbreviates it: {@code ....}, {@code d..31}
 * @param seconds when, on the trace clock
 * @param message what was printed
 */
public record TraceLine(String task, int pid, int cpu, String flags, double seconds, String message) {
    // "           <...>-1234    [001] d..31  4321.123456: bpf_trace_printk: text"
    private static final Pattern LINE = Pattern.compile(
            "\\s*(.{0,16}?)-(\\d+)\\s+(?:\\([ \\d-]+\\)\\s+)?\\[(\\d+)\\]\\s+(\\S+)\\s+(\\d+\\.\\d+):\\s(?:[^:]*: )?(.*)");

    /**
     * Takes a line apart.
     *
     * @param line a line of trace_pipe
     * @return its parts, empty if it is not a printed line
     */
    public static Optional<TraceLine> parse(String line) {
        Matcher m = LINE.matcher(line);
        if (!m.matches()) {
            return Optional.empty();
        }
        return Optional.of(new TraceLine(
                m.group(1),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3)),
                m.group(4),
                Double.parseDouble(m.group(5)),
                m.group(6)));
    }

    private static final Pattern LOST = Pattern.compile("CPU:\\d+ \\[LOST (\\d+) EVENTS\\]");

    /** How many events a line of trace_pipe says were lost. */
    static long lost(String line) {
        Matcher m = LOST.matcher(line.strip());
        return m.matches() ? Long.parseLong(m.group(1)) : 0;
    }
}
