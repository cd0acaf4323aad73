package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/** One binding: finds a codec for each part and gathers what does not fit. */
final class Binder {
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
            Character.class,
            char.class,
            Float.class,
            float.class,
            Double.class,
            double.class);

    private final List<String> problems;

    Binder(List<String> problems) {
        this.problems = problems;
    }

    /** A codec made of two functions. */
    private record Simple<T>(Layout layout, Reader<? extends T> reader, Writer<? super T> writer) implements Codec<T> {
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

    static <T> Codec<T> codec(Layout layout, Reader<? extends T> reader, Writer<? super T> writer) {
        return new Simple<>(layout, reader, writer);
    }

    /** Finds a codec; on a problem, notes it and returns null. */
    @SuppressWarnings("unchecked")
    Codec<Object> find(Type type, Spot spot) {
        if (type instanceof Class<?> c) {
            return (Codec<Object>) find(UNBOXED.getOrDefault(c, c), c, spot);
        }
        if (type instanceof ParameterizedType p
                && p.getRawType() == List.class
                && spot.layout().resolved() instanceof Layout.Array a) {
            return (Codec<Object>) Sequences.list(p.getActualTypeArguments()[0], a, spot, this);
        }
        return (Codec<Object>) mismatch(type, spot);
    }

    private Codec<?> find(Class<?> type, Class<?> boxed, Spot spot) {
        Layout layout = spot.layout().resolved();
        if (type == Object.class) {
            return NaturalCodecs.of(spot);
        }
        if (type.isEnum() && Integers.isInteger(layout)) {
            return Integers.constant(type, spot, this);
        }
        if (spot.ordinal()) {
            return problem(spot, "@Ordinal is for Java enums, not " + boxed.getSimpleName());
        }
        if (Integers.isNumber(type)) {
            return Integers.number(type, spot, this);
        }
        if (type == boolean.class && (spot.bits() == 1 || layout instanceof Layout.Int i && i.bool())) {
            return Integers.flag(spot);
        }
        if (spot.bits() > 0) {
            return mismatch(boxed, spot);
        }
        if (type == byte[].class) {
            return Bytes.raw(spot);
        }
        if (type == MemorySegment.class) {
            return Bytes.segment(spot);
        }
        if (InetAddress.class.isAssignableFrom(type)) {
            return Addresses.bind(type, spot, this);
        }
        if (type == Cidr.class) {
            return Addresses.block(spot, this);
        }
        Codec<?> codec = switch (layout) {
            case Layout.Int i when type == BigInteger.class -> Integers.big(i, spot);
            case Layout.Int i when type == char.class && i.size() == 1 && !i.bool() -> Integers.character(spot);
            case Layout.Floating f -> floating(type, f, spot);
            case Layout.Array a when type == String.class && a.isBytes() -> Bytes.text(spot);
            case Layout.Array a when type.isArray() -> Sequences.array(type, a, spot, this);
            case Layout.Struct s when type.isRecord() -> RecordCodec.bind(type, s, this, spot);
            default -> mismatch(boxed, spot);
        };
        return codec;
    }

    private Codec<?> floating(Class<?> type, Layout.Floating f, Spot spot) {
        if (type == double.class && f.size() <= 8) {
            return Binder.<Double>codec(
                    spot.layout(),
                    (m, o) -> Scalars.readDouble(m, o, f.size()),
                    (m, o, v) -> Scalars.writeDouble(m, o, f.size(), v));
        }
        if (type == float.class && f.size() == 4) {
            return Binder.<Float>codec(
                    spot.layout(),
                    (m, o) -> (float) Scalars.readDouble(m, o, 4),
                    (m, o, v) -> Scalars.writeDouble(m, o, 4, v));
        }
        return mismatch(type, spot);
    }

    Codec<?> mismatch(Type type, Spot spot) {
        return problem(spot, spot.type() + " in C can't be " + Codecs.name(type) + " in Java");
    }

    Codec<?> problem(Spot spot, String text) {
        problems.add(spot.subject() + ": " + text);
        return null;
    }
}
