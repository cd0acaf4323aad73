package io.github.bcc4j.compile;

import java.util.List;
import java.util.Objects;

/**
 * One thing the compiler had to say, at the user's own line.
 *
 * @param stage which part of the compile said it
 * @param severity how bad it is
 * @param file the file, {@code /virtual/main.c} for the C text itself
 * @param line the line, from 1; 0 if unknown
 * @param column the column, from 1; 0 if unknown
 * @param message the message, without position
 * @param flag the warning's flag ({@code -Wunused-variable}), or empty
 * @param notes what was said in addition
 */
public record Diagnostic(
        Stage stage,
        Severity severity,
        String file,
        int line,
        int column,
        String message,
        String flag,
        List<Diagnostic> notes) {

    /** Which part of the compile speaks. */
    public enum Stage {
        /** Finding kernel headers and libraries. */
        SETUP,
        /** Preprocessor, parser, types. */
        FRONTEND,
        /** libbcc's rewriter of map calls and kernel pointer reads. */
        REWRITER,
        /** Code generation, where LLVM ends the process on an error. */
        BACKEND,
        /** The compile process itself: a crash, a time-out, out of memory. */
        PROCESS
    }

    /** How bad it is, worst first. */
    public enum Severity {
        /** Compilation stopped here. */
        FATAL,
        /** The program is wrong. */
        ERROR,
        /** The program may be wrong. */
        WARNING,
        /** Something to know. */
        REMARK,
        /** Belongs to the one before. */
        NOTE
    }

    /** Checks the parts. */
    public Diagnostic {
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(flag, "flag");
        notes = List.copyOf(notes);
    }

    /**
     * The form compilers print: {@code file:line:column: error: message [flag]}.
     *
     * @return one line, and one for each note
     */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        if (!file.isEmpty()) {
            s.append(file).append(':');
            if (line > 0) {
                s.append(line).append(':');
                if (column > 0) {
                    s.append(column).append(':');
                }
            }
            s.append(' ');
        }
        s.append(severity == Severity.FATAL ? "fatal error" : severity.name().toLowerCase(java.util.Locale.ROOT));
        s.append(": ").append(message);
        if (!flag.isEmpty()) {
            s.append(" [").append(flag).append(']');
        }
        for (Diagnostic note : notes) {
            s.append('\n').append(note);
        }
        return s.toString();
    }
}
