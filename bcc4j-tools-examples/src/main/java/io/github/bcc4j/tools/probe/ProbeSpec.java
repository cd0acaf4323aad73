package io.github.bcc4j.tools.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the kernel or in processes as users of bcc's tools write it: {@code p::vfs_read}, {@code r:c:malloc}, {@code t:sched:sched_switch},
 * {@code u:pthread:mutex_entry}, {@code vfs_open(struct path *path)}.
 *
 * @param kind what kind of place
 * @param library where the function is; empty for the kernel; a tracepoint's category
 * @param function the function, tracepoint or static probe
 * @param offset bytes from the function's start
 * @param signature the function's parameters, if the user gave them
 */
public record ProbeSpec(Kind kind, String library, String function, long offset, List<Parameter> signature) {
    /** What kind of place. */
    public enum Kind {
        /** A function's entry. */
        ENTRY,
        /** A function's return. */
        RETURN,
        /** A tracepoint of the kernel. */
        TRACEPOINT,
        /** A static probe of a process. */
        USDT
    }

    /**
     * A parameter of a function.
     *
     * @param type in C
     * @param name what expressions call it
     */
    public record Parameter(String type, String name) {}

    private static final Pattern FUNCTION =
            Pattern.compile("([A-Za-z_][\\w.$@]*)(?:\\+(0x[0-9a-fA-F]{1,8}|0|[1-9]\\d{0,8}))?");
    private static final Pattern LIBRARY = Pattern.compile("[\\w./+@-]*");
    private static final Pattern PARAMETER = Pattern.compile("\\s*((?:[A-Za-z_]\\w*[\\s*]+)+)([A-Za-z_]\\w*)\\s*");

    /** Keeps its own copy. */
    public ProbeSpec {
        signature = List.copyOf(signature);
    }

    /**
     * Reads a place.
     *
     * @param text without predicate or format: {@code [[p|r|t|u]:[library:]]function[+offset][(parameters)]}
     * @return the place
     * @throws IllegalArgumentException if it is none
     */
    public static ProbeSpec parse(String text) {
        int open = text.indexOf('(');
        String place = open < 0 ? text : text.substring(0, open);
        List<Parameter> signature = List.of();
        if (open >= 0) {
            if (!text.endsWith(")")) {
                throw new IllegalArgumentException("parameters end with a parenthesis: " + text);
            }
            signature = parameters(text.substring(open + 1, text.length() - 1));
        }
        String[] parts = place.split(":", -1);
        Kind kind = parts.length == 1 ? Kind.ENTRY : kind(parts[0]).orElse(Kind.ENTRY);
        int first = parts.length > 1 && kind(parts[0]).isPresent() ? 1 : 0;
        String library = String.join(":", List.of(parts).subList(first, parts.length - 1));
        Matcher function = FUNCTION.matcher(parts[parts.length - 1]);
        if (kind == Kind.USDT && library.contains(":")) { // the provider is not needed
            library = library.substring(0, library.indexOf(':'));
        }
        if (!function.matches() || !LIBRARY.matcher(library).matches()) {
            throw new IllegalArgumentException("not a place to probe: \"" + text
                    + "\"; one is [p|r|t|u:][library:]function, as p::vfs_read, r:c:malloc, t:sched:sched_switch");
        }
        if ((kind == Kind.TRACEPOINT || kind == Kind.USDT) && (library.isEmpty() || function.group(2) != null)) {
            throw new IllegalArgumentException(
                    kind == Kind.TRACEPOINT
                            ? "a tracepoint is t:category:name, not \"" + text + '"'
                            : "a static probe is u:library:name, not \"" + text + '"');
        }
        if (kind == Kind.TRACEPOINT && !(library + function.group(1)).matches("\\w+")) {
            throw new IllegalArgumentException("a tracepoint is t:category:name, not \"" + text + '"');
        }
        return new ProbeSpec(
                kind,
                library,
                function.group(1),
                function.group(2) == null ? 0 : Long.decode(function.group(2)),
                signature);
    }

    private static Optional<Kind> kind(String letter) {
        return switch (letter) {
            case "p", "" -> Optional.of(Kind.ENTRY);
            case "r" -> Optional.of(Kind.RETURN);
            case "t" -> Optional.of(Kind.TRACEPOINT);
            case "u" -> Optional.of(Kind.USDT);
            default -> Optional.empty();
        };
    }

    private static List<Parameter> parameters(String text) {
        List<Parameter> all = new ArrayList<>();
        for (String one : text.isBlank() ? new String[0] : text.split(",")) {
            Matcher parameter = PARAMETER.matcher(one);
            if (!parameter.matches()) {
                throw new IllegalArgumentException(
                        "not a parameter: \"" + one.strip() + "\"; one is as int fd, char *path");
            }
            all.add(new Parameter(parameter.group(1).strip(), parameter.group(2)));
        }
        if (all.size() > 6) {
            throw new IllegalArgumentException("six parameters are in registers; there are " + all.size());
        }
        return all;
    }

    /**
     * Whether it is in processes.
     *
     * @return false for the kernel
     */
    public boolean isUser() {
        return kind == Kind.USDT || kind != Kind.TRACEPOINT && !library.isEmpty();
    }
}
