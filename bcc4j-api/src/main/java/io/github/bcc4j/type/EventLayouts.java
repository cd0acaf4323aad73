package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the struct that a program submits to a buffer. libbcc tells its fields' names and spelled types; the exact layout is that of
 * the struct in the program's BTF with these very fields.
 */
public final class EventLayouts {
    private static final Pattern ARRAY = Pattern.compile("(.*?)\\s*((?:\\[\\d+\\])+)$");
    private static final Pattern DIMENSION = Pattern.compile("\\[(\\d+)\\]");

    /** What C and the kernel call their integers, for structs that are not in the BTF. */
    private static final Map<String, Layout> SCALARS = scalars();

    private EventLayouts() {}

    /**
     * The struct with these fields.
     *
     * @param fields {@code name#type}, in order
     * @param btf the program's types
     * @return its layout
     * @throws IllegalArgumentException if there are no fields, or one's type is unknown
     */
    public static Layout resolve(List<String> fields, Btf btf) {
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("no function of the C text submits a struct to this buffer");
        }
        List<String> wanted =
                fields.stream().map(f -> normalise(f.replaceFirst("#", " "))).toList();
        List<String> names =
                fields.stream().map(f -> f.substring(0, f.indexOf('#'))).toList();
        List<Layout.Struct> sameNames = btf.structs().stream()
                .filter(s ->
                        s.members().stream().map(Layout.Member::name).toList().equals(names))
                .toList();
        Optional<Layout.Struct> exact = sameNames.stream()
                .filter(s -> s.members().stream()
                        .map(m -> normalise(m.name() + " " + m.type().name()))
                        .toList()
                        .equals(wanted))
                .findFirst();
        return exact.or(() -> sameNames.stream().findFirst())
                .map(Layout.class::cast)
                .orElseGet(() -> natural(fields, btf));
    }

    private static String normalise(String type) {
        return type.replace(" [", "[").replace(" *", "*").strip();
    }

    /** The layout C gives a plain struct of these fields: each at a multiple of its own alignment. */
    private static Layout natural(List<String> fields, Btf btf) {
        List<Layout.Member> members = new ArrayList<>();
        long offset = 0;
        long widest = 1;
        for (String field : fields) {
            int hash = field.indexOf('#');
            Layout type = parse(field.substring(hash + 1), btf);
            long alignment = alignment(type);
            offset = Math.ceilDiv(offset, alignment) * alignment;
            members.add(new Layout.Member(field.substring(0, hash), offset * 8, 0, type));
            offset += type.size();
            widest = Math.max(widest, alignment);
        }
        return new Layout.Struct("struct {...}", Math.ceilDiv(offset, widest) * widest, members, false);
    }

    private static Layout parse(String type, Btf btf) {
        Matcher array = ARRAY.matcher(type);
        if (array.matches()) {
            Layout layout = parse(array.group(1), btf);
            List<Integer> dimensions = DIMENSION
                    .matcher(array.group(2))
                    .results()
                    .map(r -> Integer.valueOf(r.group(1)))
                    .toList();
            for (int count : dimensions.reversed()) {
                layout = new Layout.Array(layout, count);
            }
            return layout;
        }
        if (type.endsWith("*")) {
            return new Layout.Pointer(type);
        }
        if (SCALARS.containsKey(type)) {
            return SCALARS.get(type);
        }
        return btf.named(type)
                .orElseThrow(() -> new IllegalArgumentException("the layout of " + type + " is not in the"
                        + " program's type information: define the event's struct at file scope, with a name"));
    }

    static long alignment(Layout type) {
        return switch (type.resolved()) {
            case Layout.Array a -> alignment(a.element());
            case Layout.Struct s ->
                s.members().stream().mapToLong(m -> alignment(m.type())).max().orElse(1);
            case Layout l -> l.size();
        };
    }

    private static Map<String, Layout> scalars() {
        Map<String, Layout> map = new java.util.HashMap<>();
        for (int bits : new int[] {8, 16, 32, 64}) {
            for (String pattern : List.of("u%d", "__u%d", "uint%d_t", "__le%d", "__be%d")) {
                map.put(
                        String.format(pattern, bits),
                        new Layout.Int(String.format(pattern, bits), bits / 8, false, false));
            }
            for (String pattern : List.of("s%d", "__s%d", "int%d_t")) {
                map.put(
                        String.format(pattern, bits),
                        new Layout.Int(String.format(pattern, bits), bits / 8, true, false));
            }
        }
        Map<String, Integer> words = Map.of(
                "char", 1, "short", 2, "int", 4, "long", 8, "long long", 8, "signed char", 1, "pid_t", 4, "ssize_t", 8);
        words.forEach((name, size) -> map.put(name, new Layout.Int(name, size, true, false)));
        Map<String, Integer> unsigned = Map.of(
                "unsigned char",
                1,
                "unsigned short",
                2,
                "unsigned int",
                4,
                "unsigned long",
                8,
                "unsigned long long",
                8,
                "size_t",
                8,
                "uid_t",
                4,
                "gid_t",
                4,
                "dev_t",
                4);
        unsigned.forEach((name, size) -> map.put(name, new Layout.Int(name, size, false, false)));
        map.put("bool", new Layout.Int("bool", 1, false, true));
        map.put("_Bool", new Layout.Int("_Bool", 1, false, true));
        map.put("__int128", new Layout.Int("__int128", 16, true, false));
        map.put("unsigned __int128", new Layout.Int("unsigned __int128", 16, false, false));
        return Map.copyOf(map);
    }

    static Optional<Layout> scalar(String name) {
        return Optional.ofNullable(SCALARS.get(name));
    }
}
