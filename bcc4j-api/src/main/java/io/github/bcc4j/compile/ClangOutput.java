package io.github.bcc4j.compile;

import io.github.bcc4j.compile.Diagnostic.Severity;
import io.github.bcc4j.compile.Diagnostic.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what clang, LLVM and libbcc print. Source: clang's "Expressive Diagnostics" text format; LLVM's back-end errors name the
 * function instead and are followed by the end of the process.
 */
final class ClangOutput {
    private static final String WORDS = "(fatal error|error|warning|remark|note)";
    private static final Pattern POSITIONED =
            Pattern.compile("(/?[^:\\s][^:]*):(\\d+):(\\d+):(?:\\{[^}]*\\}:?)* " + WORDS + ": (.*)");
    private static final Pattern BACKEND =
            Pattern.compile("error: (.*?):(\\d+):(\\d+): (in function (\\S+) .*?\\)?: ?|)(.*)");
    private static final Pattern IN_FUNCTION = Pattern.compile("^in function (\\w+) .*?\\): (.*)$");
    private static final Pattern BARE =
            Pattern.compile("(?:\\S*LLVM )?" + WORDS.replace("error|", "error|ERROR|") + ": (.*)");
    private static final Pattern TRAILING_PLACE = Pattern.compile("(.*), (/[^:]+):(\\d+):(\\d+)");
    private static final Pattern FLAG = Pattern.compile("(.*) \\[(-[^\\],]+)(?:,[^\\]]*)?\\]");

    private ClangOutput() {}

    /** The diagnostics in a text, the worst first, each once, notes with what they belong to. */
    static List<Diagnostic> parse(String text) {
        List<Diagnostic> found = new ArrayList<>();
        for (String line : text.split("\n")) {
            Diagnostic d = parseLine(line);
            if (d == null) {
                continue;
            }
            if (d.severity() == Severity.NOTE && !found.isEmpty()) {
                found.add(withNote(found.removeLast(), d));
            } else {
                found.add(d);
            }
        }
        List<Diagnostic> once = new ArrayList<>(new LinkedHashSet<>(found));
        once.sort(Comparator.comparing(Diagnostic::severity));
        return once;
    }

    private static Diagnostic withNote(Diagnostic d, Diagnostic note) {
        List<Diagnostic> notes = new ArrayList<>(d.notes());
        notes.add(note);
        return new Diagnostic(d.stage(), d.severity(), d.file(), d.line(), d.column(), d.message(), d.flag(), notes);
    }

    private static Diagnostic parseLine(String line) {
        Matcher m = POSITIONED.matcher(line);
        if (m.matches()) {
            boolean backend = m.group(1).startsWith("<inline asm>");
            return make(
                    backend ? Stage.BACKEND : Stage.FRONTEND,
                    severity(m.group(4)),
                    backend ? "" : m.group(1),
                    backend ? 0 : Integer.parseInt(m.group(2)),
                    backend ? 0 : Integer.parseInt(m.group(3)),
                    m.group(5));
        }
        m = BACKEND.matcher(line);
        if (m.matches()) {
            String file = m.group(1).startsWith("<") ? "" : m.group(1);
            String message = line.substring(m.end(3) + 2);
            Matcher in = IN_FUNCTION.matcher(message);
            message = in.matches() ? "in function " + in.group(1) + ": " + in.group(2) : message;
            return make(
                    Stage.BACKEND,
                    Severity.ERROR,
                    file,
                    file.isEmpty() ? 0 : Integer.parseInt(m.group(2)),
                    file.isEmpty() ? 0 : Integer.parseInt(m.group(3)),
                    message);
        }
        m = BARE.matcher(line);
        if (m.matches()) {
            boolean backend = line.contains("LLVM ERROR");
            Matcher place = TRAILING_PLACE.matcher(m.group(2));
            if (backend && place.matches()) {
                return make(
                        Stage.BACKEND,
                        Severity.FATAL,
                        place.group(2),
                        Integer.parseInt(place.group(3)),
                        Integer.parseInt(place.group(4)),
                        place.group(1));
            }
            return make(
                    backend ? Stage.BACKEND : Stage.FRONTEND,
                    backend ? Severity.FATAL : severity(m.group(1)),
                    "",
                    0,
                    0,
                    m.group(2));
        }
        return null;
    }

    private static Diagnostic make(Stage stage, Severity severity, String file, int line, int column, String message) {
        Matcher flag = FLAG.matcher(message);
        return flag.matches()
                ? new Diagnostic(stage, severity, file, line, column, flag.group(1), flag.group(2), List.of())
                : new Diagnostic(stage, severity, file, line, column, message, "", List.of());
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
