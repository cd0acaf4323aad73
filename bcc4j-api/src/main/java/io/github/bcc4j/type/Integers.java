package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Codecs for whatever C keeps as an integer: numbers, enums, pointers, single bits. */
final class Integers {
    private static final Map<Class<?>, Integer> WIDTHS =
            Map.of(byte.class, 8, short.class, 16, int.class, 32, long.class, 64);

    private Integers() {}

    static boolean isNumber(Class<?> type) {
        return WIDTHS.containsKey(type);
    }

    /** Whether C has a number there that a {@code long} can hold. */
    static boolean isInteger(Layout named) {
        return switch (named.resolved()) {
            case Layout.Int i -> !i.bool() && i.size() <= 8;
            case Layout.Enumeration e -> true;
            case Layout.Pointer p -> true;
            default -> false;
        };
    }

    static Codec<?> number(Class<?> type, Spot spot, Binder binder) {
        Layout layout = spot.layout().resolved();
        int width = WIDTHS.get(type);
        if (!isInteger(layout) && !(layout instanceof Layout.Int i && !i.bool())) {
            return binder.mismatch(type, spot);
        }
        if ((spot.bits() == 0 ? layout.size() * 8 : spot.bits()) > width) {
            String size = spot.bits() == 0 ? layout.size() + " bytes" : spot.bits() + " bits";
            return binder.problem(
                    spot,
                    spot.type() + " in C, " + size + ", is too wide for " + type + " in Java: use "
                            + (layout.size() > 8 ? "BigInteger" : layout.size() == 8 ? "long" : "int or long"));
        }
        CInteger c = CInteger.of(spot);
        if (spot.unsigned() && c.signed()) {
            return binder.problem(spot, spot.type() + " in C is signed: leave out @Unsigned");
        }
        if (c.bits() == width
                && !c.signed()
                && width < 64
                && !spot.unsigned()
                && !spot.lenient()
                && !(layout instanceof Layout.Enumeration)) {
            return binder.problem(
                    spot,
                    spot.type() + " in C is unsigned and would turn negative in " + type + ": use @Unsigned " + type
                            + ", or " + (width == 32 ? "long" : "int"));
        }
        return new NumberCodec(spot.layout(), c, width);
    }

    /** One class for all widths, so that a record's loop over its components calls one method that can be inlined. */
    private record NumberCodec(Layout layout, CInteger c, int width) implements Codec<Number> {
        @Override
        public Number read(MemorySegment memory, long offset) {
            long value = c.read(memory, offset);
            return switch (width) {
                case 64 -> value;
                case 32 -> (Number) (int) value;
                case 16 -> (Number) (short) value;
                default -> (Number) (byte) value;
            };
        }

        @Override
        public void write(MemorySegment memory, long offset, Number value) {
            if (c.bits() == width) {
                c.writeBits(memory, offset, value.longValue());
            } else {
                c.write(memory, offset, value.longValue());
            }
        }

        @Override
        public String toString() {
            return layout.name();
        }
    }

    /** One byte as a Latin-1 character. */
    static Codec<?> character(Spot spot) {
        CInteger c = new CInteger(spot.type(), spot.where(), 0, 8, false, true);
        return Binder.<Character>codec(spot.layout(), (m, o) -> (char) c.read(m, o), (m, o, v) -> c.write(m, o, v));
    }

    static Codec<?> flag(Spot spot) {
        CInteger c = spot.bits() == 0
                ? new CInteger(spot.type(), spot.where(), 0, 8, false, true)
                : new CInteger(spot.type(), spot.where(), spot.firstBit(), 1, false, false);
        return Binder.<Boolean>codec(
                spot.layout(), (m, o) -> c.read(m, o) != 0, (m, o, v) -> c.writeBits(m, o, v ? 1 : 0));
    }

    static Codec<?> big(Layout.Int layout, Spot spot) {
        long bits = layout.size() * 8;
        return Binder.<BigInteger>codec(
                spot.layout(), (m, o) -> Scalars.readBig(m, o, layout.size(), layout.signed()), (m, o, v) -> {
                    if (layout.signed() ? v.bitLength() >= bits : v.signum() < 0 || v.bitLength() > bits) {
                        throw new IllegalArgumentException(spot.where() + ": " + v + " does not fit in " + spot.type());
                    }
                    Scalars.writeBig(m, o, layout.size(), v);
                });
    }

    /** A Java enum for a C enum with the same names, or, if so annotated, for the ordinals. */
    static Codec<?> constant(Class<?> type, Spot spot, Binder binder) {
        Map<Enum<?>, Long> values = new HashMap<>();
        List<Enum<?>> constants = Stream.of(type.getEnumConstants())
                .<Enum<?>>map(c -> (Enum<?>) c)
                .toList();
        if (spot.ordinal()) {
            constants.forEach(c -> values.put(c, (long) c.ordinal()));
        } else if (spot.layout().resolved() instanceof Layout.Enumeration e) {
            constants.forEach(c -> values.put(c, e.constants().get(c.name())));
            List<String> unknown = constants.stream()
                    .map(Enum::name)
                    .filter(n -> !e.constants().containsKey(n))
                    .toList();
            if (!unknown.isEmpty()) {
                return binder.problem(
                        spot,
                        spot.type() + " in C has no " + String.join(", ", unknown) + "; it has "
                                + String.join(", ", e.constants().keySet()));
            }
        } else {
            return binder.problem(
                    spot,
                    spot.type() + " in C is no enum: use @Ordinal " + type.getSimpleName()
                            + " if it holds the constants' ordinals");
        }
        CInteger c = CInteger.of(spot);
        Map<Long, Enum<?>> byValue = new HashMap<>();
        constants.forEach(k -> byValue.putIfAbsent(values.get(k), k));
        return Binder.<Enum<?>>codec(
                spot.layout(),
                (m, o) -> {
                    long value = c.read(m, o);
                    Enum<?> constant = byValue.get(value);
                    if (constant == null) {
                        throw new IllegalStateException(
                                spot.where() + ": " + type.getSimpleName() + " has no constant for " + value);
                    }
                    return constant;
                },
                (m, o, v) -> c.write(m, o, values.get(v)));
    }
}
