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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What programs take from kernel headers and BTF has not got: macros, inline functions, constants. An entry is a paragraph of C in the
 * files beside this class; {@code //?} before it says for which kernels it is. A paragraph of constants alone is an entry for each line.
 */
final class Compat {
    private static final List<String> FILES =
            List.of("base.h", "process.h", "fs.h", "net.h", "block.h", "mm.h", "bpf.h", "ptrace.h", "errno.h");
    private static final Pattern DEFINED = Pattern.compile("(?m)^#define (\\w+)"
            + "|^static (?:__always_inline|inline) [\\w \\t*]*?\\b(\\w+)\\("
            + "|^typedef [^;]*?\\b(\\w+);"
            + "|^(?:struct|union) (\\w+) \\{");
    private static final Pattern CONSTANT = Pattern.compile("#define (\\w+)(?!\\() .*");

    /**
     * A paragraph.
     *
     * @param conditions what must hold
     * @param text the C
     * @param names what it defines
     * @param constants whether these are nothing but constants, which BTF may know
     */
    record Entry(List<String> conditions, String text, List<String> names, boolean constants) {}

    private static final class Holder {
        static final Compat ALL = new Compat(FILES.stream().map(Compat::read));
    }

    private final Map<String, List<Entry>> entries = new HashMap<>();

    Compat(Stream<String> files) {
        files.forEach(file -> {
            for (String paragraph : file.split("\n\\s*\n")) {
                add(paragraph);
            }
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

    private void add(String paragraph) {
        List<String> conditions = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : paragraph.split("\n")) {
            if (line.startsWith("//?")) {
                for (String condition : line.substring(3).split(",")) {
                    conditions.add(condition.strip());
                }
            } else if (!line.isBlank() && !line.startsWith("//")) {
                lines.add(line);
            }
        }
        if (lines.stream().allMatch(line -> CONSTANT.matcher(line).matches() && !line.endsWith("\\"))) {
            lines.forEach(line -> put(conditions, line, true));
        } else {
            put(conditions, String.join("\n", lines), false);
        }
    }

    private void put(List<String> conditions, String text, boolean constants) {
        List<String> names = DEFINED.matcher(text)
                .results()
                .map(m -> Stream.of(m.group(1), m.group(2), m.group(3), m.group(4))
                        .filter(g -> g != null)
                        .findFirst()
                        .orElseThrow())
                .toList();
        Entry entry = new Entry(conditions, text + "\n", names, constants);
        names.forEach(
                name -> entries.computeIfAbsent(name, n -> new ArrayList<>()).add(entry));
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
