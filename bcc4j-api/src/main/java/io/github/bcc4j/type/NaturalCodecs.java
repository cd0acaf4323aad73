package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** C types without a Java class: numbers, texts, lists, and maps of members. */
final class NaturalCodecs {
    private NaturalCodecs() {}

    static Codec<Object> of(Layout layout) {
        return Binder.codec(layout, (m, o) -> read(layout, m, o), (m, o, v) -> write(layout, m, o, v));
    }

    private static Object read(Layout named, MemorySegment memory, long offset) {
        return switch (named.resolved()) {
            case Layout.Int i when i.bool() -> memory.get(ValueLayout.JAVA_BYTE, offset) != 0;
            case Layout.Int i -> number(i, memory, offset);
            case Layout.Enumeration e -> Scalars.readLong(memory, offset, e.size(), e.signed());
            case Layout.Pointer p -> Scalars.readLong(memory, offset, 8, false);
            case Layout.Floating f when f.size() <= 8 -> Scalars.readDouble(memory, offset, f.size());
            case Layout.Floating f -> Scalars.readBytes(memory, offset, f.size());
            case Layout.Array a when a.element().name().equals("char") -> text(memory, offset, a.size());
            case Layout.Array a -> {
                List<Object> list = new ArrayList<>();
                for (int i = 0; i < a.count(); i++) {
                    list.add(read(a.element(), memory, offset + i * a.element().size()));
                }
                yield list;
            }
            case Layout.Struct s -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (Layout.Member m : s.flattened()) {
                    members.put(m.name(), member(m, memory, offset));
                }
                yield members;
            }
            case Layout.Typedef t -> throw new AssertionError("a resolved type is no typedef: " + t);
        };
    }

    private static Object member(Layout.Member m, MemorySegment memory, long offset) {
        if (m.bitSize() == 0) {
            return read(m.type(), memory, offset + m.offset());
        }
        boolean signed = m.type().resolved() instanceof Layout.Int i && i.signed();
        return Scalars.readBits(memory, offset * 8 + m.bitOffset(), m.bitSize(), signed);
    }

    private static Object number(Layout.Int i, MemorySegment memory, long offset) {
        if (i.size() <= 8) {
            long value = Scalars.readLong(memory, offset, i.size(), i.signed());
            return value < 0 && !i.signed() ? Scalars.readBig(memory, offset, 8, false) : (Object) value;
        }
        return Scalars.readBig(memory, offset, i.size(), i.signed());
    }

    private static String text(MemorySegment memory, long offset, long size) {
        byte[] bytes = Scalars.readBytes(memory, offset, size);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private static void write(Layout named, MemorySegment memory, long offset, Object value) {
        switch (named.resolved()) {
            case Layout.Int i
            when i.bool() -> memory.set(ValueLayout.JAVA_BYTE, offset, (byte) ((Boolean) value ? 1 : 0));
            case Layout.Int i when value instanceof BigInteger b -> Scalars.writeBig(memory, offset, i.size(), b);
            case Layout.Floating f -> Scalars.writeDouble(memory, offset, f.size(), ((Number) value).doubleValue());
            case Layout.Array a
            when value instanceof String s -> {
                byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
                if (bytes.length > a.size()) {
                    throw new IllegalArgumentException("\"" + s + "\" is longer than " + a.size() + " bytes");
                }
                MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset, bytes.length);
            }
            case Layout.Array a -> {
                int i = 0;
                for (Object element : (List<?>) value) {
                    write(a.element(), memory, offset + i++ * a.element().size(), element);
                }
            }
            case Layout.Struct s ->
                ((Map<?, ?>) value).forEach((name, member) -> {
                    Layout.Member m = s.member(String.valueOf(name))
                            .orElseThrow(() -> new IllegalArgumentException(s.name() + " has no member " + name));
                    if (m.bitSize() == 0) {
                        write(m.type(), memory, offset + m.offset(), member);
                    } else {
                        Scalars.writeBits(
                                memory, offset * 8 + m.bitOffset(), m.bitSize(), ((Number) member).longValue());
                    }
                });
            case Layout l -> Scalars.writeLong(memory, offset, l.size(), ((Number) value).longValue());
        }
    }
}
