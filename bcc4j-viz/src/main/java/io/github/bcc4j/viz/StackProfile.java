package io.github.bcc4j.viz;

import io.github.bcc4j.symbol.FoldedStacks;
import io.github.bcc4j.symbol.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Stacks with values, added up by the names of their functions: what a profiler has sampled, how long threads were blocked where, what has
 * been allocated by whom. It is drawn by {@link FlameGraph}, and written in the formats that other programs read. Stacks share their common
 * beginnings: 100,000 of them take some ten megabytes. For one thread.
 */
public final class StackProfile {
    /** Whose code a frame is, in the order of the numbers in files. */
    enum Kind {
        /** A process's or thread's name, or what else groups stacks. */
        GROUP,
        USER,
        JIT,
        KERNEL
    }

    record Function(Kind kind, String name, String module) {}

    private final String title;
    private final String unit;
    private final StackTree tree = new StackTree(1);
    private final List<Function> functions = new ArrayList<>();
    private final Map<Function, Integer> numbers = new HashMap<>();

    /**
     * A profile without stacks.
     *
     * @param title what it is of
     * @param unit of its values: {@code samples}, {@code us}, {@code bytes}
     */
    public StackProfile(String title, String unit) {
        this.title = Objects.requireNonNull(title, "title");
        this.unit = Objects.requireNonNull(unit, "unit");
    }

    /**
     * Reads lines as {@link #folded} writes them. Frames that end in {@code _[k]} are the kernel's, in {@code _[j]} run-time compiled.
     *
     * @param title what it is of
     * @param unit of its values
     * @param lines {@code outermost;...;innermost value}; empty ones are passed over
     * @return the profile
     * @throws IllegalArgumentException if a line is not of that form, with its number
     */
    public static StackProfile parseFolded(String title, String unit, Iterable<String> lines) {
        StackProfile profile = new StackProfile(title, unit);
        int number = 0;
        for (String line : lines) {
            number++;
            if (!line.isBlank()) {
                Folded.parse(profile, line, number);
            }
        }
        return profile;
    }

    /**
     * Adds a stack.
     *
     * @param group what it is grouped by, usually the process's name; empty for nothing
     * @param stack the frames, the innermost first
     * @param value how much of the unit, 0 or more
     * @throws IllegalArgumentException if the value is negative
     */
    public void add(String group, List<Frame> stack, long value) {
        int node = group.isEmpty() ? 0 : call(0, new Function(Kind.GROUP, group, ""));
        for (Frame frame : stack.reversed()) {
            node = call(node, new Function(Kind.valueOf(frame.kind().name()), frame.name(), frame.module()));
        }
        addTo(node, value);
    }

    int call(int caller, Function function) {
        return tree.child(caller, number(function));
    }

    int number(Function function) {
        return numbers.computeIfAbsent(function, f -> {
            functions.add(f);
            return functions.size() - 1;
        });
    }

    void addTo(int node, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("a stack's value is not negative: " + value);
        }
        tree.add(0, node, value);
    }

    /**
     * What it is of.
     *
     * @return any text
     */
    public String title() {
        return title;
    }

    /**
     * What its values count.
     *
     * @return such as {@code samples}
     */
    public String unit() {
        return unit;
    }

    /**
     * The sum of all values.
     *
     * @return in the unit
     */
    public long total() {
        return tree.totals(0)[0];
    }

    /**
     * How many different stacks it has.
     *
     * @return 0 if none has been added with a value
     */
    public int stacks() {
        int n = 0;
        for (int node = 0; node < tree.size(); node++) {
            n += tree.value(0, node) > 0 ? 1 : 0;
        }
        return n;
    }

    StackTree tree() {
        return tree;
    }

    List<Function> functions() {
        return functions;
    }

    /** A node's functions, the outermost first. */
    List<Function> stack(int node) {
        List<Function> stack = new ArrayList<>();
        for (int at = node; at != 0; at = tree.parent(at)) {
            stack.add(functions.get(tree.frame(at)));
        }
        return stack.reversed();
    }

    /**
     * The stacks as lines that other programs read, sorted: {@code java;main;read;vfs_read_[k] 12}.
     *
     * @return lines, each with its end; see {@link FoldedStacks}
     */
    public String folded() {
        return Folded.text(this);
    }

    /**
     * The stacks in speedscope's format, for <a href="https://www.speedscope.app">its page</a>.
     *
     * @return a JSON object
     */
    public String speedscope() {
        return Speedscope.text(this);
    }

    /**
     * The stacks in pprof's format (profile.proto, compressed by gzip), for {@code go tool pprof} and the services that read it.
     *
     * @return a file's bytes
     */
    public byte[] pprof() {
        return Pprof.bytes(this);
    }

    /** Returns the title, and how much it has of what. */
    @Override
    public String toString() {
        return title + ": " + stacks() + " stacks, " + total() + " " + unit;
    }
}
