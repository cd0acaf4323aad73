package io.github.bcc4j.type;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Binds Java types to C types, once, before anything is read. What would lose information is refused:
 *
 * <ul>
 *   <li>integers: a Java type as wide or wider. An unsigned C type of the same width as {@code int}, {@code short} or {@code byte}
 *       needs {@link Unsigned} on the record component; {@code long} takes a {@code u64} as it is; {@code BigInteger} takes all.
 *       A key or value that is itself an integer, and elements of arrays, are taken without the annotation. Bit-fields are integers
 *       of their width. Pointers and enums may be integers, too.
 *   <li>{@code boolean}: a {@code bool}, or a bit-field of one bit. {@code char}: one byte, as Latin-1. {@code float} and {@code
 *       double}: theirs, or the wider.
 *   <li>{@code String}: an array of bytes, up to its first NUL, in UTF-8; what is no UTF-8 becomes U+FFFD, so keys that differ
 *       in such bytes, or behind the NUL, look equal. {@code byte[]} and {@code MemorySegment}: any type, as it lies there.
 *   <li>arrays, and lists in records: arrays of the same length in C, and of arrays. {@code long[]} for {@code u64[]}, {@code
 *       Point[]} or {@code List<Point>} for {@code struct point[]}.
 *   <li>a Java enum: a C enum that has constants of the same names, or with {@link Ordinal} any integer. Reading a value that the
 *       Java enum lacks is an {@link IllegalStateException}.
 *   <li>{@code InetAddress} and its subclasses: a number, an array of numbers, {@code struct in_addr} or {@code in6_addr} of 4 or
 *       16 bytes, always in network order. {@link Cidr}: a struct of a {@code u32} and such an address, as in the key of a trie.
 *   <li>a record: a struct or union; components are matched with members by name, {@code startNs} also with {@code start_ns}.
 *       Members of anonymous structs and unions count as the outer's. Members may be left out; they are zero when the record is
 *       written as a key or value. In a union, every component is read; when it is written, they are in turn, but those that are null.
 *   <li>{@code Object}: the natural Java type: {@link Long} or {@link java.math.BigInteger}, {@link Boolean}, {@link Double}, {@link
 *       String}, {@link List}, and a {@link java.util.Map} of members for structs.
 * </ul>
 *
 * <p>Writing is as strict: a number that C's type can't hold, a text that is too long, an array of another length is an {@link
 * IllegalArgumentException} that names the place.
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
    @SuppressWarnings("unchecked")
    public static <T> Codec<T> bind(Class<T> type, Layout layout, String what) {
        return (Codec<T>) bind((Type) type, layout, what);
    }

    /**
     * Binds a type that may have parameters, {@code List<Point>}.
     *
     * @param type the Java type
     * @param layout the C type
     * @param what what it is, for messages: {@code key of "counts"}
     * @return reads and writes it
     * @throws LayoutMismatchException if it does not fit, with every problem
     */
    public static Codec<?> bind(Type type, Layout layout, String what) {
        List<String> problems = new ArrayList<>();
        Codec<?> codec = new Binder(problems).find(type, Spot.whole(layout, what));
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
        return NaturalCodecs.of(Spot.whole(layout, layout.name()));
    }

    /**
     * A method handle that reads as a codec does. Where the handle is a constant for the JIT, a {@code static final} field or the class
     * data of a hidden class, reading costs what it would in code written for this very type, and a record that nobody keeps is never
     * made. It takes milliseconds to tens of them to make one: it is for what is read very often.
     *
     * @param codec the codec
     * @return of type {@code (MemorySegment, long) -> Object}; throws what {@link Codec#read} does, and also a checked exception that a
     *     record's constructor throws against the rules, which {@code read} wraps
     */
    public static MethodHandle reader(Codec<?> codec) {
        try {
            MethodHandle reader = QuickReader.of(codec);
            return reader.asType(reader.type().changeReturnType(Object.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e); // all of it is bcc4j's own
        }
    }

    /** A type as Java source says it, without packages. */
    static String name(Type type) {
        if (type instanceof Class<?> c) {
            return c.getSimpleName();
        }
        if (type instanceof ParameterizedType p) {
            return name(p.getRawType()) + "<"
                    + Stream.of(p.getActualTypeArguments()).map(Codecs::name).collect(Collectors.joining(", ")) + ">";
        }
        return type.getTypeName();
    }

    private static String describe(Type type) {
        if (!(type instanceof Class<?> c) || !c.isRecord()) {
            return name(type);
        }
        return Stream.of(c.getRecordComponents())
                .map(r -> (r.isAnnotationPresent(Unsigned.class) ? "@Unsigned " : "")
                        + (r.isAnnotationPresent(Ordinal.class) ? "@Ordinal " : "")
                        + name(r.getGenericType()) + " " + r.getName())
                .collect(Collectors.joining(", ", "record " + c.getSimpleName() + "(", ")"));
    }
}
