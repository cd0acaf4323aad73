package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;

/**
 * Binds Java types to C types, once, before anything is read. What would lose information is refused:
 *
 * <ul>
 *   <li>integers: a Java type as wide or wider. An unsigned C type of the same width as {@code int}, {@code short} or {@code byte}
 *       needs {@link Unsigned} on the record component; {@code long} takes a {@code u64} as it is; {@code BigInteger} takes all.
 *       A key or value that is itself an integer is taken without the annotation.
 *   <li>{@code boolean}: a {@code bool}. {@code float} and {@code double}: theirs, or the wider.
 *   <li>{@code String}: an array of bytes, up to its first NUL, in UTF-8. {@code byte[]}: any type, as it lies there.
 *   <li>arrays: arrays of the same length in C, and of arrays. {@code long[]} for {@code u64[]}, {@code Point[]} for {@code struct
 *       point[]}.
 *   <li>a Java enum: a C enum whose constants have the same names.
 *   <li>{@code InetAddress} and its subclasses: 4 or 16 bytes in network order, whatever C calls them.
 *   <li>a record: a struct or union; components are matched with members by name, {@code startNs} also with {@code start_ns}.
 *       Members of anonymous structs and unions count as the outer's. Members may be left out. In a union, every component is read;
 *       one that is null is not written.
 *   <li>{@code Object}: the natural Java type: {@link Long} or {@link java.math.BigInteger}, {@link Boolean}, {@link Double}, {@link
 *       String}, {@link List}, and a {@link java.util.Map} of members for structs.
 * </ul>
 */
public final class Codecs {
    private Codecs() {}

    /**
     * Binds a class.
     *
     * @param type the Java type
     * @param layout the C type
     * @param what what it is, for messages: {@code key of "counts"}
     * @param <T> the Java type
     * @return reads and writes it
     * @throws LayoutMismatchException if it does not fit, with every problem
     */
    public static <T> Codec<T> bind(Class<T> type, Layout layout, String what) {
        List<String> problems = new ArrayList<>();
        Codec<T> codec = new Binder(problems).bind(type, layout, false, true, what);
        if (!problems.isEmpty()) {
            throw new LayoutMismatchException(what, describe(type), layout, problems);
        }
        return codec;
    }

    /**
     * The natural Java form of a C type.
     *
     * @param layout the C type
     * @return reads and writes it
     */
    public static Codec<Object> natural(Layout layout) {
        return NaturalCodecs.of(layout);
    }

    private static String describe(Class<?> type) {
        if (!type.isRecord()) {
            return type.getSimpleName();
        }
        List<String> components = new ArrayList<>();
        for (var c : type.getRecordComponents()) {
            components.add((c.isAnnotationPresent(Unsigned.class) ? "@Unsigned " : "")
                    + c.getType().getSimpleName() + " " + c.getName());
        }
        return "record " + type.getSimpleName() + "(" + String.join(", ", components) + ")";
    }
}
