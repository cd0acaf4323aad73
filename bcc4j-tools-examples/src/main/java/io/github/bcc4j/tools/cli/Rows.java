package io.github.bcc4j.tools.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A table that is written row by row: columns as text, objects as JSON, lines as CSV.
 *
 * <pre>{@code
 * rows = new Rows<OpenEvent>(out)
 *         .column(printUid, "UID", "%-6d", OpenEvent::uid)
 *         .column("COMM", "%-16s ", OpenEvent::comm);
 * }</pre>
 *
 * <p>A format is that of one value, with what follows it on the line; the header has its width. Names in JSON and CSV are the headers in
 * lower case: {@code LAT(ms)} is {@code lat_ms}.
 *
 * @param <E> what a row is of
 */
public final class Rows<E> {
    private final Output output;
    private final List<Column<E>> columns = new ArrayList<>();

    /**
     * No columns yet.
     *
     * @param output where to
     */
    public Rows(Output output) {
        this.output = output;
    }

    /**
     * Adds a column.
     *
     * @param header its header
     * @param format of its values, such as {@code "%-16s "} or {@code "%7.2f"}: one conversion, and what follows
     * @param value its value in a row: a number, a text, a truth, or null for none
     * @return this
     */
    public Rows<E> column(String header, String format, Function<? super E, ?> value) {
        columns.add(new Column<>(header, format, value));
        return this;
    }

    /**
     * Adds a column that is not always there.
     *
     * @param shown whether it is
     * @param header its header
     * @param format of its values
     * @param value its value in a row
     * @return this
     */
    public Rows<E> column(boolean shown, String header, String format, Function<? super E, ?> value) {
        return shown ? column(header, format, value) : this;
    }

    /** Writes the line of headers, for people; CSV has one by itself. */
    public void header() {
        if (output.format() == Format.TEXT) {
            StringBuilder line = new StringBuilder();
            columns.forEach(c -> c.header(line));
            output.plain(line.toString().stripTrailing());
        }
    }

    /**
     * Writes a row.
     *
     * @param row of what
     */
    public void print(E row) {
        if (output.format() == Format.TEXT) {
            StringBuilder line = new StringBuilder();
            columns.forEach(c -> c.text(line, row));
            output.plain(line.toString().stripTrailing());
        } else {
            Map<String, Object> values = new LinkedHashMap<>();
            columns.forEach(c -> values.put(c.name, c.value.apply(row)));
            output.object(values);
        }
    }
}
