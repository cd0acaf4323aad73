package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** One binding: finds a codec for each part and gathers what does not fit. */
final class Binder {
    private static final Map<Class<?>, Integer> WIDTHS =
            Map.of(byte.class, 1, short.class, 2, int.class, 4, long.class, 8);
    private static final Map<Class<?>, Class<?>> UNBOXED = Map.of(
            Byte.class,
            byte.class,
            Short.class,
            short.class,
            Integer.class,
            int.class,
            Long.class,
            long.class,
            Boolean.class,
            boolean.class,
            Float.class,
            float.class,
            Double.class,
            double.class);

    private final List<String> problems;

    Binder(List<String> problems) {
        this.problems = problems;
    }

    /** A codec made of two functions. */
    private record Simple<T>(Layout layout, Reader<T> reader, Writer<T> writer) implements Codec<T> {
        @Override
        public T read(MemorySegment memory, long offset) {
            return reader.read(memory, offset);
        }

        @Override
        public void write(MemorySegment memory, long offset, T value) {
            writer.write(memory, offset, value);
        }

        @Override
        public String toString() {
            return layout.name();
        }
    }

    interface Reader<T> {
        T read(MemorySegment memory, long offset);
    }

    interface Writer<T> {
        void write(MemorySegment memory, long offset, T value);
    }

    static <T> Codec<T> codec(Layout layout, Reader<T> reader, Writer<T> writer) {
        return new Simple<>(layout, reader, writer);
    }

    /**
     * Finds a codec; on a problem, notes it and returns null.
     *
     * @param unsigned whether {@link Unsigned} was said
     * @param lenient whether unsigned needs not be said
     * @param where what it is, for the note
     */
    @SuppressWarnings("unchecked")
    <T> Codec<T> bind(Class<T> type, Layout layout, boolean unsigned, boolean lenient, String where) {
        return (Codec<T>) find(type, layout, unsigned, lenient, where);
    }

    private Codec<?> find(Class<?> boxed, Layout named, boolean unsigned, boolean lenient, String where) {
        Class<?> type = UNBOXED.getOrDefault(boxed, boxed);
        Layout layout = named.resolved();
        if (type == Object.class) {
            return NaturalCodecs.of(named);
        }
        if (type == byte[].class) {
            return codec(
                    named,
                    (m, o) -> Scalars.readBytes(m, o, named.size()),
                    (m, o, v) -> writeBytes(m, o, named, v, where));
        }
        if (WIDTHS.containsKey(type)) {
            return integer(type, named, unsigned, lenient, where);
        }
        if (type == boolean.class && layout instanceof Layout.Int i && i.bool()) {
            return codec(
                    named,
                    (m, o) -> m.get(ValueLayout.JAVA_BYTE, o) != 0,
                    (m, o, v) -> m.set(ValueLayout.JAVA_BYTE, o, (byte) (v ? 1 : 0)));
        }
        if (layout instanceof Layout.Floating f && f.size() <= 8) {
            if (type == double.class) {
                return codec(
                        named,
                        (m, o) -> Scalars.readDouble(m, o, f.size()),
                        (m, o, v) -> Scalars.writeDouble(m, o, f.size(), v));
            }
            if (type == float.class && f.size() == 4) {
                return codec(
                        named,
                        (m, o) -> (float) Scalars.readDouble(m, o, 4),
                        (m, o, v) -> Scalars.writeDouble(m, o, 4, v));
            }
        }
        if (type == BigInteger.class && layout instanceof Layout.Int i) {
            return codec(
                    named,
                    (m, o) -> Scalars.readBig(m, o, i.size(), i.signed()),
                    (m, o, v) -> Scalars.writeBig(m, o, i.size(), v));
        }
        if (type == String.class && layout instanceof Layout.Array a && a.isBytes()) {
            return codec(named, (m, o) -> readString(m, o, a.size()), (m, o, v) -> writeString(m, o, a.size(), v));
        }
        if (InetAddress.class.isAssignableFrom(type) && (layout.size() == 4 || layout.size() == 16)) {
            return address(type, named, where);
        }
        if (type.isEnum() && layout instanceof Layout.Enumeration e) {
            return enumeration(type, e, named, where);
        }
        if (type.isArray() && layout instanceof Layout.Array a) {
            return array(type, a, named, unsigned, where);
        }
        if (type.isRecord() && layout instanceof Layout.Struct s) {
            return RecordCodec.bind(type, s, this, where);
        }
        return problem(where + ": " + named.name() + " in C can't be " + boxed.getSimpleName() + " in Java");
    }

    <T> Codec<T> problem(String text) {
        problems.add(text);
        return null;
    }

    private Codec<?> integer(Class<?> type, Layout named, boolean unsigned, boolean lenient, String where) {
        Layout layout = named.resolved();
        int width = WIDTHS.get(type);
        boolean signed = switch (layout) {
            case Layout.Int i -> i.signed();
            case Layout.Enumeration e -> e.signed();
            default -> false;
        };
        boolean numeric = layout instanceof Layout.Int i && !i.bool()
                || layout instanceof Layout.Enumeration
                || layout instanceof Layout.Pointer;
        if (!numeric) {
            return problem(where + ": " + named.name() + " in C can't be " + type + " in Java");
        }
        if (layout.size() > width) {
            return problem(where + ": " + named.name() + " in C, " + layout.size() + " bytes, is too wide for " + type
                    + " in Java: use "
                    + (layout.size() <= 4 ? "int or long" : layout.size() == 8 ? "long" : "BigInteger"));
        }
        boolean enumeration = layout instanceof Layout.Enumeration;
        if (layout.size() == width && !signed && width < 8 && !unsigned && !lenient && !enumeration) {
            return problem(where + ": " + named.name() + " in C is unsigned and would turn negative in " + type
                    + ": use @Unsigned " + type + ", or " + (width == 4 ? "long" : "int"));
        }
        long size = layout.size();
        LongFunction<Object> box = boxer(type);
        ToLongFunction<Object> unbox = v -> ((Number) v).longValue();
        return codec(
                named,
                (m, o) -> box.apply(Scalars.readLong(m, o, size, signed)),
                (m, o, v) -> Scalars.writeLong(m, o, size, unbox.applyAsLong(v)));
    }

    static LongFunction<Object> boxer(Class<?> type) {
        if (type == long.class) {
            return Long::valueOf;
        }
        if (type == int.class) {
            return l -> (int) l;
        }
        return type == short.class ? l -> (short) l : l -> (byte) l;
    }

    private static void writeBytes(MemorySegment memory, long offset, Layout layout, byte[] value, String where) {
        if (value.length > layout.size()) {
            throw new IllegalArgumentException(
                    where + ": " + value.length + " bytes do not fit in " + layout.name() + " of " + layout.size());
        }
        MemorySegment.copy(value, 0, memory, ValueLayout.JAVA_BYTE, offset, value.length);
    }

    private static String readString(MemorySegment memory, long offset, long size) {
        byte[] bytes = Scalars.readBytes(memory, offset, size);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static void writeString(MemorySegment memory, long offset, long size, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > size) {
            throw new IllegalArgumentException("\"" + value + "\" is longer than " + size + " bytes");
        }
        MemorySegment.copy(Arrays.copyOf(bytes, (int) size), 0, memory, ValueLayout.JAVA_BYTE, offset, (int) size);
    }

    private Codec<?> address(Class<?> type, Layout named, String where) {
        int size = (int) named.size();
        boolean fits =
                type == InetAddress.class || type.getSimpleName().equals(size == 4 ? "Inet4Address" : "Inet6Address");
        if (!fits) {
            return problem(where + ": " + named.name() + " in C, " + size + " bytes, can't be " + type.getSimpleName());
        }
        return codec(
                named,
                (m, o) -> {
                    try {
                        byte[] bytes = Scalars.readBytes(m, o, size);
                        return size == 16
                                ? java.net.Inet6Address.getByAddress(null, bytes, -1)
                                : InetAddress.getByAddress(bytes);
                    } catch (UnknownHostException e) {
                        throw new AssertionError("4 and 16 bytes are addresses", e);
                    }
                },
                (m, o, v) -> writeBytes(m, o, named, v.getAddress(), where));
    }

    private Codec<?> enumeration(Class<?> type, Layout.Enumeration layout, Layout named, String where) {
        Object[] constants = type.getEnumConstants();
        List<String> unknown = Arrays.stream(constants)
                .map(c -> ((Enum<?>) c).name())
                .filter(n -> !layout.constants().containsKey(n))
                .toList();
        if (!unknown.isEmpty()) {
            return problem(where + ": " + named.name() + " in C has no " + String.join(", ", unknown) + "; it has "
                    + String.join(", ", layout.constants().keySet()));
        }
        Map<Long, Object> byValue = Arrays.stream(constants)
                .collect(Collectors.toMap(c -> layout.constants().get(((Enum<?>) c).name()), c -> c, (a, b) -> a));
        return codec(
                named,
                (m, o) -> {
                    long value = Scalars.readLong(m, o, layout.size(), layout.signed());
                    return Optional.ofNullable(byValue.get(value))
                            .orElseThrow(() -> new IllegalStateException(
                                    where + ": " + type.getSimpleName() + " has no constant for " + value));
                },
                (m, o, v) -> Scalars.writeLong(
                        m, o, layout.size(), layout.constants().get(((Enum<?>) v).name())));
    }

    private Codec<?> array(Class<?> type, Layout.Array layout, Layout named, boolean unsigned, String where) {
        Class<?> component = type.getComponentType();
        // An array has no place for an annotation on its elements: one of the exact width is taken as it is.
        Codec<Object> element = cast(find(component, layout.element(), unsigned, true, where + "[]"));
        if (element == null) {
            return null;
        }
        long stride = layout.element().size();
        int count = layout.count();
        return codec(
                named,
                (m, o) -> {
                    Object array = Array.newInstance(component, count);
                    for (int i = 0; i < count; i++) {
                        Array.set(array, i, element.read(m, o + i * stride));
                    }
                    return array;
                },
                (m, o, v) -> {
                    if (Array.getLength(v) > count) {
                        throw new IllegalArgumentException(
                                where + ": " + Array.getLength(v) + " elements do not fit in " + named.name());
                    }
                    for (int i = 0; i < Array.getLength(v); i++) {
                        element.write(m, o + i * stride, Array.get(v, i));
                    }
                });
    }

    @SuppressWarnings("unchecked")
    static Codec<Object> cast(Codec<?> codec) {
        return (Codec<Object>) codec;
    }
}
