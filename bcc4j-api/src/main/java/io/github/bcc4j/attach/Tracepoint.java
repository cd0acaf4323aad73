package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tracepoint of the running kernel and what it tells.
 *
 * @param category its category: {@code sched}
 * @param name its name: {@code sched_switch}
 * @param fields its own fields, as they lie in the record after the common ones
 */
public record Tracepoint(String category, String name, List<Field> fields) {
    private static final Pattern FIELD =
            Pattern.compile("\\s*field:(.*);\\s*offset:(\\d+);\\s*size:(\\d+);(?:\\s*signed:([01]);)?\\s*");
    private static final Pattern DECLARATION = Pattern.compile("(.*?[\\s*])(\\w+)((?:\\[\\w*\\])*)");

    /** Copies the fields. */
    public Tracepoint {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(name, "name");
        fields = List.copyOf(fields);
    }

    /**
     * A field of a tracepoint.
     *
     * @param name how programs call it: {@code args->name}
     * @param type its C type: {@code char[16]}, {@code const char *}, {@code __data_loc char[]}
     * @param offset where it begins, in bytes
     * @param size how many bytes; 4 for a {@code __data_loc}, which tells where the data is
     * @param signed whether it is a signed number
     */
    public record Field(String name, String type, int offset, int size, boolean signed) {
        /**
         * Whether its data, of any length, lies elsewhere in the record: {@code TP_DATA_LOC_READ} reads it.
         *
         * @return true for {@code __data_loc} and {@code __rel_loc}
         */
        public boolean isDynamic() {
            return type.startsWith("__data_loc ") || type.startsWith("__rel_loc ");
        }

        @Override
        public String toString() {
            return type + " " + name;
        }
    }

    /**
     * A tracepoint by name.
     *
     * @param tracepoint {@code category:name}
     * @return the tracepoint
     * @throws BpfException if there is none of this name, or it can't be read
     * @throws IllegalArgumentException if the text is no such name
     */
    public static Tracepoint of(String tracepoint) {
        TracepointSpec spec = TracepointSpec.of(tracepoint);
        return parse(spec.category(), spec.name(), Probes.tracepointFormat(spec.category(), spec.name()));
    }

    /**
     * The tracepoints whose whole {@code category:name} matches.
     *
     * @param names which
     * @return each, sorted by name; reading all of a kernel's takes about a tenth of a second
     * @throws BpfException if the tracing file system is not mounted, or can't be read
     */
    public static List<Tracepoint> matching(Pattern names) {
        return Probes.tracepoints(names).stream().map(Tracepoint::of).toList();
    }

    static Tracepoint parse(String category, String name, String format) {
        List<Field> fields = format.lines()
                .map(FIELD::matcher)
                .filter(Matcher::matches)
                .map(Tracepoint::field)
                .filter(f -> !f.name.startsWith("common_"))
                .toList();
        return new Tracepoint(category, name, fields);
    }

    private static Field field(Matcher m) {
        Matcher declaration = DECLARATION.matcher(m.group(1).strip());
        String name = m.group(1).strip();
        String type = "";
        if (declaration.matches()) {
            name = declaration.group(2);
            type = declaration.group(1).strip() + declaration.group(3);
        }
        return new Field(
                name, type, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)), "1".equals(m.group(4)));
    }

    /**
     * A field by name.
     *
     * @param field its name
     * @return the field, empty if this kernel's tracepoint has none of the name
     */
    public Optional<Field> field(String field) {
        return fields.stream().filter(f -> f.name.equals(field)).findFirst();
    }

    /** Returns {@code sched:sched_switch(char[16] prev_comm, pid_t prev_pid, ...)}. */
    @Override
    public String toString() {
        return category + ":" + name
                + fields.stream().map(Field::toString).collect(java.util.stream.Collectors.joining(", ", "(", ")"));
    }
}
