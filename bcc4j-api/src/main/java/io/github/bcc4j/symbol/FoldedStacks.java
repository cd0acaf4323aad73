package io.github.bcc4j.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Stacks added up by function names, in the one-line form that flame graph programs read: {@code java;main;read;[k] 12}, outermost
 * first. Stacks of different addresses but equal names are one line.
 *
 * <p>For one thread.
 */
public final class FoldedStacks {
    /** How lines are written. */
    public enum Style {
        /** A line of {@code -} stands between the frames of the process and those of the kernel. */
        DELIMITER,
        /** Kernel functions end in {@code _[k]}, run-time compiled ones in {@code _[j]}, so that they can be coloured. */
        ANNOTATIONS,
        /** Functions are followed by {@code +0x1f}, so that the lines of one function differ. */
        OFFSETS
    }

    private final List<Style> styles;
    private final Map<String, Long> counts = new TreeMap<>();

    /**
     * Begins with none.
     *
     * @param styles how lines are written
     */
    public FoldedStacks(Style... styles) {
        this.styles = List.of(styles);
    }

    /**
     * Adds a stack.
     *
     * @param first what the line begins with, usually the process's name; empty for nothing
     * @param frames the stack, the innermost first
     * @param count how often it was met
     */
    public void add(String first, List<Frame> frames, long count) {
        List<String> line = new ArrayList<>();
        if (!first.isEmpty()) {
            line.add(clean(first));
        }
        Frame previous = null;
        for (Frame frame : frames.reversed()) {
            boolean enters =
                    frame.kind() == Frame.Kind.KERNEL && (previous == null || previous.kind() != Frame.Kind.KERNEL);
            if (enters && styles.contains(Style.DELIMITER)) {
                line.add("-");
            }
            line.add(clean(text(frame)));
            previous = frame;
        }
        counts.merge(String.join(";", line), count, Long::sum);
    }

    private String text(Frame frame) {
        boolean offset = styles.contains(Style.OFFSETS) && frame.isKnown();
        String name = offset ? frame.name() + "+0x" + Long.toHexString(frame.offset()) : frame.name();
        return !styles.contains(Style.ANNOTATIONS)
                ? name
                : switch (frame.kind()) {
                    case KERNEL -> name + "_[k]";
                    case JIT -> name + "_[j]";
                    case USER -> name;
                };
    }

    /** Names come from files and processes that anybody makes: none may end a line or a frame. */
    private static String clean(String name) {
        return name.replace(';', ':').replaceAll("\\p{Cntrl}", "?");
    }

    /**
     * The stacks.
     *
     * @return the line without its count, and the count; sorted by line
     */
    public Map<String, Long> counts() {
        return Map.copyOf(counts);
    }

    /** Returns all lines, sorted, each ended by a newline. */
    @Override
    public String toString() {
        return counts.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
