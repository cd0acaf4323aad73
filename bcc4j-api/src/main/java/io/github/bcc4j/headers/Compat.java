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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What programs take from kernel headers and BTF has not got: macros, inline functions, constants. An entry is a paragraph of C in the
 * files beside this class; {@code //?} before it says for which kernels it is. A paragraph of constants alone is an entry for each line.
 */
final class Compat {
    private static final List<String> FILES =
            List.of("base.h", "process.h", "fs.h", "net.h", "block.h", "mm.h", "bpf.h", "ptrace.h", "errno.h");
    private static final Pattern DEFINED = Pattern.compile(
            "(?:static|typedef)[^(;{]*?\\b(\\w+)\\s*[(;].*|(?:struct|union) (\\w+) \\{.*", Pattern.DOTALL);

    /**
     * A paragraph.
     *
     * @param conditions what must hold
     * @param text the C
     * @param constants whether these are nothing but constants, which BTF may know
     */
    record Entry(List<String> conditions, String text, boolean constants) {}

    private static final class Holder {
        static final Compat ALL = new Compat(FILES.stream().map(Compat::read));
    }

    private final Map<String, List<Entry>> entries = new HashMap<>();

    Compat(Stream<String> files) {
        files.forEach(file -> {
            List<String> paragraph = new ArrayList<>();
            for (String line : file.split("\n")) {
                if (line.isBlank()) {
                    add(paragraph);
                    paragraph.clear();
                } else {
                    paragraph.add(line);
                }
            }
            add(paragraph);
        });
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

    private void add(List<String> paragraph) {
        List<String> conditions = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        boolean constants = true;
        for (String line : paragraph) {
            if (line.startsWith("//?")) {
                for (String condition : line.substring(3).split(",")) {
                    conditions.add(condition.strip());
                }
            } else if (!line.startsWith("//")) {
                lines.add(line);
                constants &= isConstant(line);
            }
        }
        if (constants) {
            lines.forEach(line -> put(new Entry(conditions, line + "\n", true), macro(line)));
        } else if (!lines.isEmpty()) {
            Entry entry = new Entry(conditions, String.join("\n", lines) + "\n", false);
            for (int i = 0; i < lines.size(); i++) {
                put(entry, lines.get(i).startsWith("#define ") ? macro(lines.get(i)) : defined(lines, i));
            }
        }
    }

    private static boolean isConstant(String line) {
        int end = line.startsWith("#define ") ? 8 + macro(line).length() : line.length();
        return end < line.length() && line.charAt(end) != '(' && !line.endsWith("\\");
    }

    private static String macro(String line) {
        int end = 8;
        while (end < line.length() && Character.isJavaIdentifierPart(line.charAt(end))) {
            end++;
        }
        return line.substring(8, end);
    }

    /** What a line that begins no macro defines: a function, a type, or nothing. */
    private static String defined(List<String> lines, int i) {
        if (!lines.get(i).matches("(static|typedef|struct|union) .*")) {
            return "";
        }
        Matcher m = DEFINED.matcher(String.join(" ", lines.subList(i, lines.size())));
        return !m.matches() ? "" : m.group(1) != null ? m.group(1) : m.group(2);
    }

    private void put(Entry entry, String name) {
        if (!name.isEmpty()) {
            entries.computeIfAbsent(name, n -> new ArrayList<>(1)).add(entry);
        }
    }

    /** All names there are entries for. */
    Set<String> names() {
        return entries.keySet();
    }

    /** The entries with a name, the first whose conditions hold being the one. */
    List<Entry> entries(String name) {
        return entries.getOrDefault(name, List.of());
    }
}
