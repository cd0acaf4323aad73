package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the struct that a program submits to a buffer. libbcc tells its fields' names and spelled types; the exact layout is that of
 * the struct in the program's BTF with these very fields.
 */
public final class EventLayouts {
    private static final Pattern ARRAY = Pattern.compile("(.*?)\\s*((?:\\[\\d+\\])+)$");
    private static final Pattern DIMENSION = Pattern.compile("\\[(\\d+)\\]");

    private static final Pattern QUALIFIER = Pattern.compile("\\b(const|volatile|restrict|__restrict)\\b ?");

    /** What C and the kernel call their integers, for structs that are not in the BTF. */
    private static final Map<String, Layout> SCALARS = scalars();

    private EventLayouts() {}

    /** A field as libbcc tells it. */
    private record Field(String name, String type) {
        static Field of(String text) {
            int hash = text.indexOf('#');
            if (hash < 0) {
                throw new IllegalArgumentException("not a field of an event: " + text);
            }
            String type = QUALIFIER.matcher(text.substring(hash + 1)).replaceAll("");
            return new Field(text.substring(0, hash), type.replace(" [", "[").replace(" *", "*"));
        }

        boolean unnamed() {
            return type.contains("(anonymous") || type.contains("(unnamed");
        }

        boolean isPointer() {
            return type.endsWith("*") || type.contains("(*");
        }
    }

    /**
     * The struct with these fields.
     *
     * @param fields {@code name#type}, in order
     * @param btf the program's types
     * @return its layout; if no struct of the program's types has these fields, the one that C gives a plain struct of them
     * @throws IllegalArgumentException if there are no fields, a field's type is unknown, or several structs have these fields at
     *     different places
     */
    public static Layout resolve(List<String> fields, Btf btf) {
        if (fields.isEmpty()) {
            throw new IllegalArgumentException(
                    "no function of the C text submits a struct to this buffer: libbcc tells the type"
                            + " of structs only, so put a union or a plain number into one");
        }
        List<Field> wanted = fields.stream()
                .map(Field::of)
                .filter(f -> !f.name.isEmpty() || f.unnamed()) // an unnamed bit-field is padding
                .toList();
        List<String> names = wanted.stream().map(Field::name).toList();
        List<Layout.Struct> found = btf.structsWith(names).stream()
                .filter(s -> matches(s, wanted, btf))
                .toList();
        Layout.Struct first = found.isEmpty() ? natural(wanted, btf) : found.getFirst();
        if (found.stream().anyMatch(s -> !s.members().equals(first.members()) || s.size() != first.size())) {
            throw new IllegalArgumentException("several structs of the C text have the fields "
                    + String.join(", ", names) + ", at different places, and libbcc does not tell which is submitted: "
                    + found.stream().map(Layout.Struct::name).collect(Collectors.joining(", "))
                    + "; give one of them other names");
        }
        return first;
    }

    private static boolean matches(Layout.Struct struct, List<Field> fields, Btf btf) {
        for (int i = 0; i < fields.size(); i++) {
            if (!matches(struct.members().get(i).type(), fields.get(i), btf)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Layout member, Field field, Btf btf) {
        if (normalise(member.name()).equals(field.type) || field.unnamed()) {
            return true;
        }
        return parse(field, btf)
                .map(l -> l.size() == member.size()
                        && l.resolved().getClass() == member.resolved().getClass())
                .orElse(false);
    }

    private static String normalise(String type) {
        return QUALIFIER.matcher(type).replaceAll("").replace(" [", "[").replace(" *", "*");
    }

    /** The layout C gives a plain struct of these fields: each at a multiple of its own alignment. */
    private static Layout.Struct natural(List<Field> fields, Btf btf) {
        List<Layout.Member> members = new ArrayList<>();
        long offset = 0;
        long widest = 1;
        for (Field field : fields) {
            Layout type = parse(field, btf)
                    .orElseThrow(() -> new IllegalArgumentException("the layout of " + field.type + " is not in the"
                            + " program's type information: define the event's struct at file scope, with a name"));
            long alignment = alignment(type);
            offset = Math.ceilDiv(offset, alignment) * alignment;
            members.add(new Layout.Member(field.name, offset * 8, 0, type));
            offset += type.size();
            widest = Math.max(widest, alignment);
        }
        return new Layout.Struct("struct {...}", Math.ceilDiv(offset, widest) * widest, members, false);
    }

    private static Optional<Layout> parse(Field field, Btf btf) {
        if (field.isPointer()) {
            return Optional.of(new Layout.Pointer(field.type));
        }
        Matcher array = ARRAY.matcher(field.type);
        if (array.matches()) {
            Optional<Layout> layout = parse(new Field(field.name, array.group(1)), btf);
            List<Integer> dimensions = DIMENSION
                    .matcher(array.group(2))
                    .results()
                    .map(r -> Integer.valueOf(r.group(1)))
                    .toList();
            for (int count : dimensions.reversed()) {
                layout = layout.map(l -> new Layout.Array(l, count));
            }
            return layout;
        }
        return scalar(field.type).or(() -> btf.named(field.type));
    }

    /** The alignment C gives a type by itself; attributes of the program are not known here. */
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
