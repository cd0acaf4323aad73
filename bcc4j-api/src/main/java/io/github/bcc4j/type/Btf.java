package io.github.bcc4j.type;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * BPF type information: the C types of a program, or of a kernel. Types are read when asked for.
 *
 * <p>Thread-safe. Source: the kernel's Documentation/bpf/btf.rst.
 */
public final class Btf {
    private static final int MAGIC = 0xeB9F;
    private static final int INT = 1;
    private static final int PTR = 2;
    private static final int ARRAY = 3;
    private static final int STRUCT = 4;
    private static final int UNION = 5;
    private static final int ENUM = 6;
    private static final int FWD = 7;
    private static final int TYPEDEF = 8;
    private static final int VOLATILE = 9;
    private static final int CONST = 10;
    private static final int RESTRICT = 11;
    private static final int FLOAT = 16;
    private static final int TYPE_TAG = 18;
    private static final int ENUM64 = 19;

    /** Bytes behind the 12 common ones: fixed, and for each of vlen. Indexed by kind. */
    private static final int[] FIXED = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};

    private static final int[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
    private static final int DEEPEST = 64;

    private final ByteBuffer data;
    private final int strings;
    private final int stringsLength;
    private final int[] offsets;

    private Btf(ByteBuffer data, int strings, int stringsLength, int[] offsets) {
        this.data = data;
        this.strings = strings;
        this.stringsLength = stringsLength;
        this.offsets = offsets;
    }

    /**
     * Reads raw BTF.
     *
     * @param raw the bytes; empty for no types at all
     * @return its index
     * @throws IllegalArgumentException if it is not well-formed
     */
    public static Btf parse(byte[] raw) {
        ByteBuffer data = ByteBuffer.wrap(raw)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asReadOnlyBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        if (raw.length == 0) {
            return new Btf(data, 0, 0, new int[1]);
        }
        try {
            if ((data.getShort(0) & 0xffff) != MAGIC) {
                throw new IllegalArgumentException("not BTF: it does not begin with 0xeb9f");
            }
            int header = data.getInt(4);
            int types = header + data.getInt(8);
            int typesEnd = types + data.getInt(12);
            int strings = header + data.getInt(16);
            int stringsLength = data.getInt(20);
            if (types < 24
                    || typesEnd < types
                    || typesEnd > raw.length
                    || strings < 0
                    || (long) strings + stringsLength > raw.length) {
                throw new IllegalArgumentException("not BTF: its sections lie outside of it");
            }
            int[] offsets = new int[1024];
            int count = 1;
            for (int at = types; at < typesEnd; ) {
                if (count == offsets.length) {
                    offsets = Arrays.copyOf(offsets, count * 2);
                }
                offsets[count++] = at;
                int info = data.getInt(at + 4);
                int kind = info >>> 24 & 0x1f;
                if (kind == 0 || kind >= FIXED.length) {
                    throw new IllegalArgumentException("BTF type " + (count - 1) + " is of unknown kind " + kind);
                }
                at += 12 + FIXED[kind] + EACH[kind] * (info & 0xffff);
            }
            return new Btf(data, strings, stringsLength, Arrays.copyOf(offsets, count));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not BTF: it ends too early", e);
        }
    }

    /**
     * How many types there are; their ids are 1 to this.
     *
     * @return zero or more
     */
    public int count() {
        return offsets.length - 1;
    }

    private int offset(int id) {
        if (id < 1 || id >= offsets.length) {
            throw new IllegalArgumentException("BTF has no type " + id);
        }
        return offsets[id];
    }

    private int kind(int id) {
        return data.getInt(offset(id) + 4) >>> 24 & 0x1f;
    }

    private String rawName(int id) {
        return string(data.getInt(offset(id)));
    }

    /**
     * A text of the string section.
     *
     * @param offset where it begins
     * @return the text
     */
    public String string(int offset) {
        if (offset < 0 || offset >= stringsLength) {
            return "";
        }
        int end = offset;
        while (end < stringsLength && data.get(strings + end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - offset];
        data.get(strings + offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * A type by id.
     *
     * @param id as maps and members refer to it
     * @return its layout
     * @throws IllegalArgumentException if there is no such type, or it has no size
     */
    public Layout type(int id) {
        return type(id, 0);
    }

    private Layout type(int id, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("BTF type " + id + " contains itself");
        }
        int at = offset(id);
        int size = data.getInt(at + 8);
        return switch (kind(id)) {
            case INT -> {
                int encoding = data.getInt(at + 12) >>> 24 & 0xf;
                yield new Layout.Int(rawName(id), size, (encoding & 1) != 0, (encoding & 4) != 0);
            }
            case PTR -> new Layout.Pointer(spell(size, depth + 1) + " *");
            case ARRAY -> new Layout.Array(type(data.getInt(at + 12), depth + 1), data.getInt(at + 20));
            case STRUCT, UNION -> struct(id, depth);
            case ENUM, ENUM64 -> enumeration(id);
            case TYPEDEF -> new Layout.Typedef(rawName(id), type(size, depth + 1));
            case VOLATILE, CONST, RESTRICT, TYPE_TAG -> type(size, depth + 1);
            case FLOAT -> new Layout.Floating(rawName(id), size);
            case FWD -> throw new IllegalArgumentException(spell(id, depth) + " is only declared, so it has no size");
            default -> throw new IllegalArgumentException("BTF type " + id + " is no type of data");
        };
    }

    private Layout struct(int id, int depth) {
        int at = offset(id);
        int info = data.getInt(at + 4);
        boolean bits = info < 0;
        List<Layout.Member> members = new ArrayList<>();
        for (int i = 0; i < (info & 0xffff); i++) {
            int m = at + 12 + i * 12;
            int where = data.getInt(m + 8);
            members.add(new Layout.Member(
                    string(data.getInt(m)),
                    bits ? where & 0xffffff : where,
                    bits ? where >>> 24 : 0,
                    type(data.getInt(m + 4), depth + 1)));
        }
        return new Layout.Struct(spell(id, depth), data.getInt(at + 8), members, kind(id) == UNION);
    }

    private Layout enumeration(int id) {
        int at = offset(id);
        int info = data.getInt(at + 4);
        boolean wide = kind(id) == ENUM64;
        Map<String, Long> constants = new LinkedHashMap<>();
        for (int i = 0; i < (info & 0xffff); i++) {
            int c = at + 12 + i * (wide ? 12 : 8);
            long low = data.getInt(c + 4);
            long value =
                    wide ? low & 0xffffffffL | (long) data.getInt(c + 8) << 32 : info < 0 ? low : low & 0xffffffffL;
            constants.put(string(data.getInt(c)), value);
        }
        return new Layout.Enumeration(spell(id, 0), data.getInt(at + 8), info < 0, constants);
    }

    /** A type's name as C spells it, without looking into it: pointers may point back. */
    private String spell(int id, int depth) {
        if (id == 0 || depth > DEEPEST) {
            return "void";
        }
        String name = rawName(id);
        return switch (kind(id)) {
            case STRUCT -> name.isEmpty() ? "struct {...}" : "struct " + name;
            case UNION -> name.isEmpty() ? "union {...}" : "union " + name;
            case ENUM, ENUM64 -> name.isEmpty() ? "enum {...}" : "enum " + name;
            case FWD -> (data.getInt(offset(id) + 4) < 0 ? "union " : "struct ") + name;
            case PTR -> spell(data.getInt(offset(id) + 8), depth + 1) + " *";
            case VOLATILE, RESTRICT, TYPE_TAG -> spell(data.getInt(offset(id) + 8), depth + 1);
            case CONST -> "const " + spell(data.getInt(offset(id) + 8), depth + 1);
            default -> name.isEmpty() ? "(function)" : name;
        };
    }

    /**
     * A struct or union by name.
     *
     * @param name without the word struct
     * @return its layout
     */
    public Optional<Layout.Struct> struct(String name) {
        return structs().stream().filter(s -> s.name().equals("struct " + name)).findFirst();
    }

    /**
     * Every named struct.
     *
     * @return layouts in the order of their ids
     */
    public List<Layout.Struct> structs() {
        List<Layout.Struct> found = new ArrayList<>();
        for (int id = 1; id <= count(); id++) {
            if (kind(id) == STRUCT && !rawName(id).isEmpty()) {
                found.add((Layout.Struct) type(id));
            }
        }
        return found;
    }

    /**
     * A typedef, base type, struct or enum by the name C spells it with.
     *
     * @param name {@code u32}, {@code struct pad_t}, {@code enum e}
     * @return its layout
     */
    public Optional<Layout> named(String name) {
        for (int id = 1; id <= count(); id++) {
            switch (kind(id)) {
                case INT, TYPEDEF, STRUCT, UNION, ENUM, ENUM64, FLOAT -> {
                    if (spell(id, 0).equals(name)) {
                        return Optional.of(type(id));
                    }
                }
                default -> {}
            }
        }
        return Optional.empty();
    }
}
