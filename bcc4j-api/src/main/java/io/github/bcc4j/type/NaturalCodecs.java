package io.github.bcc4j.type;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** C types without a Java class: numbers, texts, lists, and maps of members. */
final class NaturalCodecs {
    private NaturalCodecs() {}

    /** A member of a struct and how it is read. */
    private record Part(String name, long offset, Codec<Object> codec) {}

    @SuppressWarnings("unchecked")
    static Codec<Object> of(Spot spot) {
        return (Codec<Object>) find(spot);
    }

    private static Codec<?> find(Spot spot) {
        return switch (spot.layout().resolved()) {
            case Layout.Int i when i.bool() -> Integers.flag(spot);
            case Layout.Int i when i.size() > 8 -> Integers.big(i, spot);
            case Layout.Int i -> number(spot);
            case Layout.Enumeration e -> number(spot);
            case Layout.Pointer p -> number(spot);
            case Layout.Floating f
            when f.size() <= 8 ->
                Binder.<Number>codec(
                        spot.layout(),
                        (m, o) -> Scalars.readDouble(m, o, f.size()),
                        (m, o, v) -> Scalars.writeDouble(m, o, f.size(), v.doubleValue()));
            case Layout.Floating f -> Bytes.raw(spot);
            case Layout.Array a when a.element().resolved().name().equals("char") -> Bytes.text(spot);
            case Layout.Array a -> Sequences.list(of(spot.element(a.element())), a, spot);
            case Layout.Struct s -> members(s, spot);
            case Layout.Typedef t -> throw new AssertionError("a resolved type is no typedef: " + t);
        };
    }

    /** A Long; a BigInteger for an unsigned number that is too large for one. Addresses stay Long. */
    private static Codec<Number> number(Spot spot) {
        CInteger c = CInteger.of(spot);
        boolean large = c.bits() == 64 && !c.signed() && !(spot.layout().resolved() instanceof Layout.Pointer);
        return Binder.codec(
                spot.layout(),
                (m, o) -> {
                    long value = c.read(m, o);
                    return large && value < 0 ? Scalars.readBig(m, o, 8, false) : (Number) value;
                },
                (m, o, v) -> {
                    if (v instanceof BigInteger b && (b.signum() < 0 ? b.bitLength() > 63 : b.bitLength() > c.bits())) {
                        throw new IllegalArgumentException(spot.where() + ": " + v + " does not fit in " + c.name());
                    }
                    c.write(m, o, v.longValue());
                });
    }

    private static Codec<Map<?, ?>> members(Layout.Struct s, Spot spot) {
        List<Part> parts = s.flattened().stream()
                .map(m -> new Part(m.name(), m.offset(), of(member(m, spot))))
                .toList();
        return Binder.codec(
                spot.layout(),
                (m, o) -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    parts.forEach(p -> members.put(p.name, p.codec.read(m, o + p.offset)));
                    return Collections.unmodifiableMap(members);
                },
                (m, o, v) -> v.forEach((name, value) -> {
                    Part part = parts.stream()
                            .filter(p -> p.name.equals(name))
                            .findFirst()
                            .orElseThrow(() -> new IllegalArgumentException(
                                    spot.where() + ": " + s.name() + " has no member " + name));
                    part.codec.write(m, o + part.offset, value);
                }));
    }

    private static Spot member(Layout.Member m, Spot outer) {
        return new Spot(
                m.type(),
                m.bitSize() > 0 ? (int) (m.bitOffset() % 8) : 0,
                m.bitSize(),
                false,
                false,
                true,
                outer.path().isEmpty() ? m.name() : outer.path() + "." + m.name(),
                outer.what());
    }
}
