package io.github.bcc4j.tools.cli;

import io.github.bcc4j.text.JsonText;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a tool writes, in the format its user asked for. It is buffered: what has been written is seen after {@link #flush}. For one thread.
 */
public final class Output {
    private final PrintWriter out;
    private final Format format;
    private final Runnable whenClosed;
    private List<String> names = List.of();
    private String stamp;

    Output(PrintWriter out, Format format, Runnable whenClosed) {
        this.out = out;
        this.format = format;
        this.whenClosed = whenClosed;
    }

    /**
     * The format.
     *
     * @return as the user asked
     */
    public Format format() {
        return format;
    }

    /**
     * Writes for people only: titles, blank lines, explanations. In other formats nothing is written.
     *
     * @param text as {@link String#format} takes it
     * @param args its arguments
     */
    public void text(String text, Object... args) {
        if (format == Format.TEXT) {
            out.printf(Locale.ROOT, text, args);
        }
    }

    /**
     * Marks what follows, up to the next mark, as of one interval: objects and rows without a time of their own get it.
     *
     * @param time {@code HH:MM:SS}
     */
    public void stamp(String time) {
        stamp = time;
    }

    /** Shows what has been written. If nobody reads it any more, as after {@code | head}, the run ends. */
    public void flush() {
        if (out.checkError()) {
            whenClosed.run();
        }
    }

    void plain(CharSequence line) {
        out.append(line).append('\n');
    }

    /**
     * Writes one object of named values as JSON or CSV; nothing as text. With CSV a line of names comes first, and again whenever the names
     * are other ones.
     *
     * @param values numbers, truths, texts, nulls, and lists or maps of these
     */
    public void object(Map<String, ?> values) {
        if (format == Format.JSON) {
            StringBuilder line = new StringBuilder("{");
            if (stamp != null && !values.containsKey("time")) {
                line.append("\"time\":").append(JsonText.string(stamp)).append(values.isEmpty() ? "" : ",");
            }
            members(line, values);
            plain(line.append('}'));
        } else if (format == Format.CSV) {
            boolean timed = stamp != null && !values.containsKey("time");
            List<String> now = List.copyOf(values.keySet());
            if (!now.equals(names)) {
                names = now;
                plain((timed ? "time," : "") + now.stream().map(Output::csv).collect(Collectors.joining(",")));
            }
            plain((timed ? stamp + "," : "")
                    + values.values().stream().map(Output::csv).collect(Collectors.joining(",")));
        }
    }

    private static void members(StringBuilder line, Map<?, ?> values) {
        String separator = "";
        for (Map.Entry<?, ?> e : values.entrySet()) {
            line.append(separator)
                    .append(JsonText.string(String.valueOf(e.getKey())))
                    .append(':');
            json(line, e.getValue());
            separator = ",";
        }
    }

    private static void json(StringBuilder line, Object value) {
        switch (value) {
            case null -> line.append("null");
            case Double d when !Double.isFinite(d) -> line.append("null");
            case Number n -> line.append(n);
            case Boolean b -> line.append(b);
            case Collection<?> all -> {
                line.append('[');
                String separator = "";
                for (Object one : all) {
                    line.append(separator);
                    json(line, one);
                    separator = ",";
                }
                line.append(']');
            }
            case Map<?, ?> map -> {
                line.append('{');
                members(line, map);
                line.append('}');
            }
            default -> line.append(JsonText.string(value.toString()));
        }
    }

    private static String csv(Object value) {
        String text = switch (value) {
            case null -> "";
            case Collection<?> all -> all.stream().map(String::valueOf).collect(Collectors.joining(";"));
            default -> value.toString();
        };
        boolean quote = text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return quote ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /**
     * A text without what would move a terminal's cursor: files and processes have names that anybody makes.
     *
     * @param text any
     * @return the same with control characters written as {@code \\n} or {@code \\x1b}
     */
    public static String printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return text.chars()
                        .mapToObj(c -> switch (c) {
                            case '\n' -> "\\n";
                            case '\t' -> "\\t";
                            default ->
                                Character.isISOControl(c) ? String.format("\\x%02x", c) : String.valueOf((char) c);
                        })
                        .collect(Collectors.joining());
            }
        }
        return text;
    }
}
