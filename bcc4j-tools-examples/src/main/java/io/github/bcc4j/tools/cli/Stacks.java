package io.github.bcc4j.tools.cli;

import io.github.bcc4j.symbol.FoldedStacks;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.StackResolver;
import io.github.bcc4j.table.BpfStackTraces;
import io.github.bcc4j.viz.FlameGraph;
import io.github.bcc4j.viz.StackProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Stacks that a tool has counted, and the options of how to show them. Stacks of different addresses whose functions are the same are one. For one
 * thread.
 */
public final class Stacks {
    private static final int NO_STACK = -14; // EFAULT: a kernel thread has none of a process
    private static final int DEFAULT_SIZE = 16384;
    /** How a tracepoint comes to this tool's program: no part of what is traced. */
    private static final Pattern OWN =
            Pattern.compile("bpf_prog_.*|bpf_trace_run.*|__bpf_trace_.*|__traceiter_.*|trace_call_bpf|perf_trace_.*");

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int MOST_LOOKED_UP = 100_000;

    private static final class Parts {
        @Option(
                names = {"-U", "--user-stacks-only"},
                description = "Show stacks of processes only, not the kernel's.")
        private boolean user;

        @Option(
                names = {"-K", "--kernel-stacks-only"},
                description = "Show stacks of the kernel only.")
        private boolean kernel;
    }

    @ArgGroup
    private Parts parts = new Parts();

    @Option(
            names = {"-d", "--delimited"},
            description = "Write a line of -- between the kernel's functions and the process's.")
    private boolean delimited;

    @Option(
            names = {"-f", "--folded"},
            description = "Write a stack a line, for programs that draw them.")
    private boolean folded;

    @Option(
            names = {"-a", "--annotations"},
            description = "Mark the kernel's functions with _[k], run-time compiled ones with _[j].")
    private boolean annotated;

    @Option(
            names = "--stack-storage-size",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_SIZE,
            description = "How many different stacks are kept (default ${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--flame",
            paramLabel = "FILE.html",
            description = "Write a flame graph to this file instead: one HTML file, to be looked at in a browser.")
    private Path flame;

    private record Whose(String comm, long pid, List<String> kernel, List<String> user) {}

    private final Map<Whose, Long> sums = new HashMap<>();
    private FoldedStacks lines = new FoldedStacks();
    private StackProfile profile;
    private long missing;
    private boolean counting;

    /** For picocli. */
    public Stacks() {}

    /**
     * Tells a program what it has to collect: {@code USER_STACKS}, {@code KERNEL_STACKS}, {@code STACKS} (how many are kept).
     *
     * @param program gets the macros
     * @return the program
     * @throws IllegalArgumentException if the user asked for no room
     */
    public Program define(Program program) {
        if (size < 1) {
            throw new IllegalArgumentException("--stack-storage-size is 1 or more, not " + size);
        }
        return program.defineIf("USER_STACKS", !parts.kernel)
                .defineIf("KERNEL_STACKS", !parts.user)
                .define("STACKS", size);
    }

    /** From now on stacks are written as stackcount does: processes are told apart only where they have a number. */
    public void countStyle() {
        counting = true;
    }

    /**
     * Whether stacks are for other programs or for a picture, which have no titles.
     *
     * @return as the user asked
     */
    public boolean isFolded() {
        return folded || flame != null;
    }

    /**
     * Begins.
     *
     * @param title what is counted
     * @param unit of the values
     */
    public void begin(String title, String unit) {
        profile = new StackProfile(title, unit);
        List<FoldedStacks.Style> styles = new ArrayList<>();
        if (delimited) {
            styles.add(FoldedStacks.Style.DELIMITER);
        }
        if (annotated) {
            styles.add(FoldedStacks.Style.ANNOTATIONS);
        }
        lines = new FoldedStacks(styles.toArray(FoldedStacks.Style[]::new));
        sums.clear();
    }

    /**
     * The functions behind a stack's id.
     *
     * @param table where the addresses are
     * @param resolver names of functions
     * @param id what {@code get_stackid} returned
     * @param pid whose; 0 for the kernel's
     * @return the innermost first; none where there was no stack. One that was lost for want of room is a frame that says so, and counted
     */
    public List<Frame> frames(BpfStackTraces table, StackResolver resolver, long id, int pid) {
        if (id < 0) {
            if (id == NO_STACK) {
                return List.of();
            }
            missing++;
            return List.of(new Frame(pid == 0 ? Frame.Kind.KERNEL : Frame.Kind.USER, 0, "[lost]", 0, ""));
        }
        long[] addresses = table.addresses(id);
        return pid == 0
                ? resolver.kernel(addresses).stream()
                        .dropWhile(f -> OWN.matcher(f.name()).matches())
                        .toList()
                : resolver.user(addresses, pid);
    }

    /**
     * Waits for the run's end, and meanwhile looks up functions of processes as they come, since those that have ended have no names any more.
     *
     * @param session the run
     * @param seen tells of each stack of a process that was counted so far: its id and the process
     * @param table where the addresses are
     * @param resolver names of functions
     * @throws InterruptedException if the thread is interrupted
     */
    public void await(
            Session session, Consumer<ObjIntConsumer<Long>> seen, BpfStackTraces table, StackResolver resolver)
            throws InterruptedException {
        Set<Long> known = new HashSet<>();
        while (session.running()) {
            session.await(LOOK);
            known = known.size() > MOST_LOOKED_UP ? new HashSet<>() : known;
            Set<Long> looked = known;
            seen.accept((id, pid) -> {
                if (id >= 0 && looked.add((long) pid << 32 | id)) { // each: the process may execute another program
                    resolver.user(table.addresses(id), pid);
                }
            });
        }
    }

    /**
     * Adds a stack.
     *
     * @param comm the process's name
     * @param pid its number
     * @param kernel the kernel's functions, the innermost first
     * @param user its own
     * @param value how much
     */
    public void add(String comm, long pid, List<Frame> kernel, List<Frame> user, long value) {
        if (flame != null || folded) {
            List<Frame> all = new ArrayList<>(kernel);
            all.addAll(user);
            profile.add(comm, all, value);
            lines.add(comm, all, value);
        } else {
            sums.merge(new Whose(comm, pid, names(kernel), names(user)), value, Math::addExact);
        }
    }

    private List<String> names(List<Frame> frames) {
        return frames.stream()
                .map(f -> !annotated
                        ? f.name()
                        : switch (f.kind()) {
                            case KERNEL -> f.name() + "_[k]";
                            case JIT -> f.name() + "_[j]";
                            case USER -> f.name();
                        })
                .toList();
    }

    /**
     * Writes all, those with least first.
     *
     * @param out where to
     * @return how many stacks were lost for want of room: their values are there
     * @throws IOException if the flame graph can't be written
     */
    public long write(Output out) throws IOException {
        if (flame != null) {
            Files.writeString(flame, FlameGraph.html(profile));
            out.text("%s%nin %s%n", profile, flame);
        } else if (folded && out.format() == Format.TEXT) {
            out.text("%s", lines);
        } else if (folded) {
            new TreeMap<>(lines.counts()).forEach((stack, value) -> {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("stack", stack);
                object.put(profile.unit(), value);
                out.object(object);
            });
        } else {
            sums.entrySet().stream()
                    .sorted(Map.Entry.<Whose, Long>comparingByValue()
                            .thenComparing(e -> e.getKey().comm(), Comparator.naturalOrder()))
                    .forEach(e -> write(out, e.getKey(), e.getValue()));
        }
        out.flush();
        return missing;
    }

    /** As stackcount does: two blanks, then the process if they are told apart, then how often. */
    private void count(Output out, Whose whose, long value) {
        whose.kernel().forEach(name -> out.text("  %s%n", Output.printable(name)));
        if (delimited && !whose.user().isEmpty() && !whose.kernel().isEmpty()) {
            out.text("  --%n");
        }
        whose.user().forEach(name -> out.text("  %s%n", Output.printable(name)));
        if (whose.pid() > 0) {
            out.text("    %s [%d]%n", Output.printable(whose.comm()), whose.pid());
        }
        out.text("    %d%n%n", value);
    }

    private void write(Output out, Whose whose, long value) {
        if (out.format() == Format.TEXT && counting) {
            count(out, whose, value);
            return;
        }
        if (out.format() == Format.TEXT) {
            whose.kernel().forEach(name -> out.text("    %s%n", Output.printable(name)));
            if (delimited && !whose.user().isEmpty() && !whose.kernel().isEmpty()) {
                out.text("    --%n");
            }
            whose.user().forEach(name -> out.text("    %s%n", Output.printable(name)));
            out.text("    %-16s %s (%d)%n        %d%n%n", "-", Output.printable(whose.comm()), whose.pid(), value);
            return;
        }
        Map<String, Object> object = new LinkedHashMap<>();
        if (!counting || whose.pid() > 0) {
            object.put("comm", whose.comm());
            object.put("pid", whose.pid());
        }
        object.put("kernel", whose.kernel());
        object.put("user", whose.user());
        object.put(profile.unit(), value);
        out.object(object);
    }
}
