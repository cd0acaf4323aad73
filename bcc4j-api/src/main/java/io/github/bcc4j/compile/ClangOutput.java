package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what clang, LLVM and libbcc print. Source: clang's "Expressive Diagnostics" text format; LLVM's back-end errors name the
 * function instead and are followed by the end of the process.
 */
final class ClangOutput {
    /** The flags that clang must have for this. Categories tell clang's own diagnostics from those of libbcc, which have none. */
    static final List<String> FLAGS = List.of("-fno-caret-diagnostics", "-fdiagnostics-show-category=name");

    private static final String WORDS = "(fatal error|error|warning|remark|note)";
    private static final Pattern POSITIONED =
            Pattern.compile("(/?[^:\\s][^:]*):(\\d{1,9}):(\\d{1,9}):(?:\\{[^}]*\\}:?)* " + WORDS + ": (.*)");
    private static final Pattern BACKEND = Pattern.compile("error: (.*?):(\\d{1,9}):(\\d{1,9}): (.*)");
    private static final Pattern IN_FUNCTION = Pattern.compile("^in function (\\w+) .*?\\): (.*)$");
    private static final Pattern BARE =
            Pattern.compile("(?:\\S*LLVM )?" + WORDS.replace("error|", "error|ERROR|") + ": (.*)");
    private static final Pattern TRAILING_PLACE = Pattern.compile("(.*), (/[^:]+):(\\d{1,9}):(\\d{1,9})");
    private static final Pattern TAIL = Pattern.compile("(.*) \\[(-[^\\],]+)?,?([A-Z][\\w -]*)?\\]");
    private static final Set<Severity> OWN_CATEGORY = Set.of(Severity.ERROR, Severity.WARNING);

    private ClangOutput() {}

    /** The diagnostics in a text, the worst first, each once, notes with what they belong to. */
    static List<Diagnostic> parse(String text) {
        List<Diagnostic> found = new ArrayList<>();
        List<Diagnostic> notes = new ArrayList<>();
        text.lines().forEach(line -> {
            Diagnostic d = parseLine(line);
            if (d != null && d.severity() == Severity.NOTE && !found.isEmpty()) {
                notes.add(d);
            } else if (d != null) {
                attach(notes, found);
                found.add(d);
            }
        });
        attach(notes, found);
        List<Diagnostic> once = new ArrayList<>(new LinkedHashSet<>(found));
        once.sort(Comparator.comparing(Diagnostic::severity));
        return once;
    }

    private static void attach(List<Diagnostic> notes, List<Diagnostic> found) {
        if (!notes.isEmpty()) {
            Diagnostic d = found.removeLast();
            found.add(new Diagnostic(
                    d.stage(), d.severity(), d.file(), d.line(), d.column(), d.message(), d.flag(), notes));
            notes.clear();
        }
    }

    private static Diagnostic parseLine(String line) {
        Matcher m = POSITIONED.matcher(line);
        if (m.matches()) {
            if (m.group(1).startsWith("<inline asm>")) {
                return backend(Severity.ERROR, "", "0", "0", m.group(5));
            }
            return frontend(severity(m.group(4)), m.group(1), m.group(2), m.group(3), m.group(5));
        }
        m = BACKEND.matcher(line);
        if (m.matches()) {
            Matcher in = IN_FUNCTION.matcher(m.group(4));
            String message = in.matches() ? "in function " + in.group(1) + ": " + in.group(2) : m.group(4);
            boolean nowhere = m.group(1).startsWith("<");
            return backend(
                    Severity.ERROR,
                    nowhere ? "" : m.group(1),
                    nowhere ? "0" : m.group(2),
                    nowhere ? "0" : m.group(3),
                    message);
        }
        m = BARE.matcher(line);
        if (!m.matches()) {
            return null;
        }
        if (!line.contains("LLVM ERROR")) {
            return frontend(severity(m.group(1)), "", "0", "0", m.group(2));
        }
        Matcher place = TRAILING_PLACE.matcher(m.group(2));
        return place.matches()
                ? backend(Severity.FATAL, place.group(2), place.group(3), place.group(4), place.group(1))
                : backend(Severity.FATAL, "", "0", "0", m.group(2));
    }

    private static Diagnostic backend(Severity severity, String file, String line, String column, String message) {
        return new Diagnostic(
                Stage.BACKEND,
                severity,
                file,
                Integer.parseInt(line),
                Integer.parseInt(column),
                message,
                "",
                List.of());
    }

    private static Diagnostic frontend(Severity severity, String file, String line, String column, String message) {
        Matcher tail = TAIL.matcher(message);
        boolean tagged = tail.matches();
        boolean libbccs = !file.isEmpty() && OWN_CATEGORY.contains(severity) && !(tagged && tail.group(3) != null);
        return new Diagnostic(
                libbccs ? Stage.REWRITER : Stage.FRONTEND,
                severity,
                file,
                Integer.parseInt(line),
                Integer.parseInt(column),
                tagged ? tail.group(1) : message,
                tagged && tail.group(2) != null ? tail.group(2) : "",
                List.of());
    }

    private static Severity severity(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "fatal error" -> Severity.FATAL;
            case "error" -> Severity.ERROR;
            case "warning" -> Severity.WARNING;
            case "remark" -> Severity.REMARK;
            default -> Severity.NOTE;
        };
    }
}
