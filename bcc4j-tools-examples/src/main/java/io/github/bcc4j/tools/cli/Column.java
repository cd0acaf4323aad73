package io.github.bcc4j.tools.cli;

import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One column of {@link Rows}: its header, its width, and its value in a row. */
final class Column<E> {
    private static final Pattern FORMAT = Pattern.compile("%([-0,#]*)(\\d*)(?:\\.(\\d+))?([sdfxo])(.*)");

    final String name;
    final Function<? super E, ?> value;
    private final String header;
    private final String format;
    private final boolean left;
    private final int width;
    private final int most;
    private final boolean simple;
    private final String after;

    Column(String header, String format, Function<? super E, ?> value) {
        Matcher parts = FORMAT.matcher(format);
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a column's format: " + format);
        }
        this.header = header;
        this.format = format;
        this.value = value;
        name = header.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
        left = parts.group(1).contains("-");
        width = parts.group(2).isEmpty() ? 0 : Integer.parseInt(parts.group(2));
        boolean text = parts.group(4).equals("s");
        most = text && parts.group(3) != null ? Integer.parseInt(parts.group(3)) : Integer.MAX_VALUE;
        simple = text
                || parts.group(4).equals("d") && parts.group(1).replace("-", "").isEmpty();
        after = parts.group(5);
    }

    void header(StringBuilder line) {
        pad(line, header);
    }

    void text(StringBuilder line, E row) {
        Object v = value.apply(row);
        if (v == null || simple) {
            String text = v == null ? "" : v instanceof String s ? Output.printable(s) : v.toString();
            pad(line, text.length() > most ? text.substring(0, most) : text);
        } else {
            line.append(String.format(Locale.ROOT, format, v)); // Formatter takes a microsecond: only for fractions
        }
    }

    private void pad(StringBuilder line, String text) {
        int blanks = Math.max(0, width - text.length());
        line.repeat(' ', left ? 0 : blanks)
                .append(text)
                .repeat(' ', left ? blanks : 0)
                .append(after);
    }
}
