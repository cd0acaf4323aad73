package io.github.bcc4j.headers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What programs take from kernel headers and BTF has not got: macros, inline functions, constants. An entry is a paragraph of C in the
 * files beside this class; {@code //?} before it says for which kernels it is. A paragraph of constants alone is an entry for each line.
 */
final class Compat {
    private static final List<String> FILES =
            List.of("base.h", "process.h", "fs.h", "net.h", "block.h", "mm.h", "bpf.h", "ptrace.h", "errno.h");
    /**
     * A paragraph.
     *
     * @param conditions what must hold
     * @param text the C
     * @param constants whether these are nothing but constants, which BTF may know
     */
    record Entry(List<String> conditions, String text, boolean constants) {
        // Spelled out, as a JVM takes ten milliseconds of every start to make a record's first ones.
        @Override
        public boolean equals(Object o) {
            return o instanceof Entry e && text.equals(e.text) && conditions.equals(e.conditions);
        }

        @Override
        public int hashCode() {
            return text.hashCode();
        }
    }

    private static final class Holder {
        static final Compat ALL = new Compat(FILES.stream().map(Compat::read));
    }

    private final String text;

    /** Where a name is defined. */
    private record Place(int paragraph, int line) {}

    /** What a paragraph is: its text is that of all its lines. */
    private record Paragraph(List<String> conditions, String text, boolean constants) {}

    private final Map<String, List<Place>> places = new HashMap<>(1 << 14);

    /** The paragraphs by where they begin. They are taken apart when they are asked for: few ever are. */
    private final Map<Integer, Paragraph> paragraphs = new ConcurrentHashMap<>();

    Compat(Stream<String> files) {
        this.text = files.collect(Collectors.joining("\n")) + "\n";
        int paragraph = 0;
        int end;
        for (int line = 0; line < text.length(); line = end + 1) {
            end = text.indexOf('\n', line);
            if (end == line) {
                paragraph = end + 1;
            } else {
                String name = defined(line);
                if (!name.isEmpty()) {
                    places.computeIfAbsent(name, n -> new ArrayList<>(1)).add(new Place(paragraph, line));
                }
            }
        }
    }

    /** What a line defines: a macro, a function, a type, or nothing. */
    private String defined(int line) {
        return switch (text.charAt(line)) {
            case '#' -> text.startsWith("#define ", line) ? text.substring(line + 8, wordEnd(line + 8)) : "";
            case 's', 't', 'u' -> declared(line);
            default -> "";
        };
    }

    private String declared(int line) {
        if (text.startsWith("struct ", line) || text.startsWith("union ", line)) {
            int name = text.indexOf(' ', line) + 1;
            return text.startsWith(" {", wordEnd(name)) ? text.substring(name, wordEnd(name)) : "";
        }
        if (!text.startsWith("static ", line) && !text.startsWith("typedef ", line)) {
            return "";
        }
        int at = line;
        while ("(;{".indexOf(text.charAt(at)) < 0 && !text.startsWith("\n\n", at)) {
            at++;
        }
        if (text.charAt(at) != '(' && text.charAt(at) != ';') {
            return "";
        }
        int end = at;
        while (!Character.isJavaIdentifierPart(text.charAt(end - 1))) {
            end--;
        }
        int start = end;
        while (Character.isJavaIdentifierPart(text.charAt(start - 1))) {
            start--;
        }
        return text.substring(start, end);
    }

    private int wordEnd(int at) {
        int end = at;
        while (Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The entries that come with the library. */
    static Compat standard() {
        return Holder.ALL;
    }

    /** The names in one of the lists beside this class. */
    static Set<String> list(String file) {
        Set<String> names = new LinkedHashSet<>(List.of(read(file).split("\\s+")));
        names.remove("");
        return names;
    }

    private static String read(String file) {
        try (InputStream in = Compat.class.getResourceAsStream("compat/" + file)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("read bcc4j's own " + file, e);
        }
    }

    /** All names there are entries for. */
    Set<String> names() {
        return places.keySet();
    }

    /** The entries with a name, the first whose conditions hold being the one. */
    List<Entry> entries(String name) {
        List<Entry> found = new ArrayList<>(1);
        for (Place place : places.getOrDefault(name, List.of())) {
            Paragraph p = paragraphs.computeIfAbsent(place.paragraph, this::paragraph);
            String its = p.constants ? text.substring(place.line, text.indexOf('\n', place.line) + 1) : p.text;
            found.add(new Entry(p.conditions, its, p.constants));
        }
        return found;
    }

    private Paragraph paragraph(int start) {
        List<String> conditions = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        boolean constants = true;
        int end = text.indexOf("\n\n", start);
        for (String line : text.substring(start, end < 0 ? text.length() : end).split("\n")) {
            if (line.startsWith("//?")) {
                for (String condition : line.substring(3).split(",")) {
                    conditions.add(condition.strip());
                }
            } else if (!line.startsWith("//")) {
                lines.append(line).append('\n');
                constants = constants && isConstant(line);
            }
        }
        return new Paragraph(conditions, lines.toString(), constants);
    }

    private static boolean isConstant(String line) {
        int end = 8;
        while (end < line.length() && Character.isJavaIdentifierPart(line.charAt(end))) {
            end++;
        }
        return line.startsWith("#define ") && end < line.length() && line.charAt(end) != '(' && !line.endsWith("\\");
    }
}
