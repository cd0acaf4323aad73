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
import java.util.concurrent.ConcurrentHashMap;

/**
 * BPF type information: the C types of a program, or of a kernel. Reading it makes an index of offsets only, 30 ms for the 5 MB of
 * a kernel; a type is looked into when it is asked for, and kept.
 *
 * <p>Thread-safe. Little-endian, as on all supported machines. Source: the kernel's Documentation/bpf/btf.rst.
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

    private static final int HEADER = 24;

    /** Bytes behind the 12 common ones: fixed, and for each of vlen. Indexed by kind. */
    private static final int[] FIXED = {0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0};

    private static final int[] EACH = {0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12};
    private static final int DEEPEST = 64;

    private final ByteBuffer data;
    private final int strings;
    private final int stringsLength;
    private final int[] offsets;
    private final Map<Integer, Layout> known = new ConcurrentHashMap<>();

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
        if (raw.length < HEADER || (data.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF: it does not begin with 0xeb9f in little-endian order");
        }
        long header = data.getInt(4) & 0xffffffffL;
        long types = header + (data.getInt(8) & 0xffffffffL);
        long typesEnd = types + (data.getInt(12) & 0xffffffffL);
        long strings = header + (data.getInt(16) & 0xffffffffL);
        long stringsLength = data.getInt(20) & 0xffffffffL;
        if (header < HEADER || typesEnd > raw.length || strings + stringsLength > raw.length) {
            throw new IllegalArgumentException("not BTF: its sections lie outside of its " + raw.length + " bytes");
        }
        int[] offsets = index(data, (int) types, (int) typesEnd, stringsLength);
        return new Btf(data, (int) strings, (int) stringsLength, offsets);
    }

    private static int[] index(ByteBuffer data, int types, int end, long stringsLength) {
        int[] offsets = new int[1024];
        int count = 1;
        for (int at = types; at < end; count++) {
            if (count == offsets.length) {
                offsets = Arrays.copyOf(offsets, count * 2);
            }
            offsets[count] = at;
            if (end - at < 12) {
                throw new IllegalArgumentException("BTF type " + count + " ends too early");
            }
            int info = data.getInt(at + 4);
            int kind = info >>> 24 & 0x1f;
            if (kind == 0 || kind >= FIXED.length) {
                throw new IllegalArgumentException("BTF type " + count + " is of unknown kind " + kind);
            }
            if ((data.getInt(at) & 0xffffffffL) >= stringsLength) {
                throw new IllegalArgumentException("BTF type " + count + " has its name outside of the strings");
            }
            int size = 12 + FIXED[kind] + EACH[kind] * (info & 0xffff);
            if (end - at < size) {
                throw new IllegalArgumentException("BTF type " + count + " ends too early");
            }
            at += size;
        }
        return Arrays.copyOf(offsets, count);
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
     * @return the text, empty if there is none at this offset
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
        Layout layout = known.get(id);
        if (layout == null) {
            layout = read(id, depth);
            known.put(id, layout);
        }
        return layout;
    }

    private Layout read(int id, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("BTF type " + id + " contains itself");
        }
        int at = offset(id);
        int size = data.getInt(at + 8);
        return switch (kind(id)) {
            case INT -> {
                int encoding = data.getInt(at + 12) >>> 24 & 0xf;
                yield new Layout.Int(rawName(id), size(id, 16), (encoding & 1) != 0, (encoding & 4) != 0);
            }
            case PTR -> new Layout.Pointer(spell(size, depth + 1) + " *");
            case ARRAY -> array(id, depth);
            case STRUCT, UNION -> struct(id, depth);
            case ENUM, ENUM64 -> enumeration(id);
            case TYPEDEF -> new Layout.Typedef(rawName(id), type(size, depth + 1));
            case VOLATILE, CONST, RESTRICT, TYPE_TAG -> type(size, depth + 1);
            case FLOAT -> new Layout.Floating(rawName(id), size(id, 16));
            case FWD -> throw new IllegalArgumentException(spell(id, depth) + " is only declared, so it has no size");
            default -> throw new IllegalArgumentException("BTF type " + id + " is no type of data");
        };
    }

    /** A size that is a power of two, as those of numbers are. */
    private int size(int id, int most) {
        int size = data.getInt(offset(id) + 8);
        if (Integer.bitCount(size) != 1 || size < 0 || size > most) {
            throw new IllegalArgumentException(
                    "BTF type " + id + ", " + rawName(id) + ", has an impossible size: " + size + " bytes");
        }
        return size;
    }

    private Layout array(int id, int depth) {
        int at = offset(id);
        int count = data.getInt(at + 20);
        Layout element = type(data.getInt(at + 12), depth + 1);
        if (count < 0 || element.size() * count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("BTF type " + id + " is an array of " + Integer.toUnsignedString(count)
                    + " times " + element.size() + " bytes");
        }
        return new Layout.Array(element, count);
    }

    private Layout struct(int id, int depth) {
        int at = offset(id);
        int info = data.getInt(at + 4);
        boolean bits = info < 0;
        long size = data.getInt(at + 8) & 0xffffffffL;
        List<Layout.Member> members = new ArrayList<>();
        for (int i = 0; i < (info & 0xffff); i++) {
            int m = at + 12 + i * 12;
            int where = data.getInt(m + 8);
            Layout.Member member = new Layout.Member(
                    string(data.getInt(m)),
                    bits ? where & 0xffffff : where & 0xffffffffL,
                    bits ? where >>> 24 : 0,
                    type(data.getInt(m + 4), depth + 1));
            long length =
                    member.bitSize() > 0 ? member.bitSize() : member.type().size() * 8;
            if (member.bitOffset() + length > size * 8) {
                throw new IllegalArgumentException("BTF type " + id + ", " + spell(id, depth) + ", is too small for its"
                        + " member " + member.name());
            }
            if (!member.name().isEmpty() || member.bitSize() == 0) { // an unnamed bit-field is padding
                members.add(member);
            }
        }
        return new Layout.Struct(spell(id, depth), size, members, kind(id) == UNION);
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
        return new Layout.Enumeration(spell(id, 0), size(id, 8), info < 0, constants);
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
     * @param name without the word struct or union
     * @return its layout
     */
    public Optional<Layout.Struct> struct(String name) {
        for (int id = 1; id <= count(); id++) {
            if ((kind(id) == STRUCT || kind(id) == UNION) && rawName(id).equals(name)) {
                return Optional.of((Layout.Struct) type(id));
            }
        }
        return Optional.empty();
    }

    /** The structs with members of these names in this order; without names too, an anonymous member being "". */
    List<Layout.Struct> structsWith(List<String> members) {
        List<Layout.Struct> found = new ArrayList<>();
        for (int id = 1; id <= count(); id++) {
            if (kind(id) == STRUCT
                    && (data.getInt(offset(id) + 4) & 0xffff) == members.size()
                    && memberNames(id).equals(members)) {
                found.add((Layout.Struct) type(id));
            }
        }
        return found;
    }

    private List<String> memberNames(int id) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < (data.getInt(offset(id) + 4) & 0xffff); i++) {
            names.add(string(data.getInt(offset(id) + 12 + i * 12)));
        }
        return names;
    }

    /**
     * A typedef, base type, struct, union or enum by the name C spells it with.
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
