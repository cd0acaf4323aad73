package io.github.bcc4j.type;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    private static final int DEEPEST = 64;

    /** Where no sign is told, constants from here to -1 are taken for negative ones, not for unsigned ones near 2³². */
    private static final int LEAST_LIKELY = -4095;

    private final RawBtf raw;
    private final Map<Integer, Layout> known = new ConcurrentHashMap<>();

    private Btf(RawBtf raw) {
        this.raw = raw;
    }

    /**
     * Reads raw BTF.
     *
     * @param raw the bytes; empty for no types at all
     * @return its index
     * @throws IllegalArgumentException if it is not well-formed
     */
    public static Btf parse(byte[] raw) {
        return new Btf(RawBtf.parse(ByteBuffer.wrap(raw)));
    }

    /**
     * How many types there are; their ids are 1 to this.
     *
     * @return zero or more
     */
    public int count() {
        return raw.end() - 1;
    }

    /**
     * A text of the string section.
     *
     * @param offset where it begins
     * @return the text, empty if there is none at this offset
     */
    public String string(int offset) {
        return raw.string(offset);
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
        return switch (raw.kind(id)) {
            case INT -> {
                int encoding = raw.encoding(id) >>> 24 & 0xf;
                yield new Layout.Int(raw.name(id), size(id, 16), (encoding & 1) != 0, (encoding & 4) != 0);
            }
            case PTR -> new Layout.Pointer(spell(raw.target(id), depth + 1) + " *");
            case ARRAY -> array(id, depth);
            case STRUCT, UNION -> struct(id, depth);
            case ENUM, ENUM64 -> enumeration(id);
            case TYPEDEF -> new Layout.Typedef(raw.name(id), type(raw.target(id), depth + 1));
            case VOLATILE, CONST, RESTRICT, TYPE_TAG -> type(raw.target(id), depth + 1);
            case FLOAT -> new Layout.Floating(raw.name(id), size(id, 16));
            case FWD -> throw new IllegalArgumentException(spell(id, depth) + " is only declared, so it has no size");
            default ->
                throw new IllegalArgumentException(
                        "BTF " + (id == 0 ? "has no type 0" : "type " + id + " is no type of data"));
        };
    }

    /** A size that is a power of two, as those of numbers are. */
    private int size(int id, int most) {
        long size = raw.size(id);
        if (Long.bitCount(size) != 1 || size > most) {
            throw new IllegalArgumentException(
                    "BTF type " + id + ", " + raw.name(id) + ", has an impossible size: " + size + " bytes");
        }
        return (int) size;
    }

    private Layout array(int id, int depth) {
        long count = raw.length(id);
        Layout element = type(raw.element(id), depth + 1);
        if (count > Integer.MAX_VALUE || element.size() * count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "BTF type " + id + " is an array of " + count + " times " + element.size() + " bytes");
        }
        return new Layout.Array(element, (int) count);
    }

    private Layout struct(int id, int depth) {
        long size = raw.size(id);
        List<Layout.Member> members = new ArrayList<>();
        for (int i = 0; i < raw.count(id); i++) {
            Layout.Member member = new Layout.Member(
                    raw.partName(id, i),
                    raw.bitOffset(id, i),
                    raw.bitSize(id, i),
                    type(raw.partType(id, i), depth + 1));
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
        return new Layout.Struct(spell(id, depth), size, members, raw.kind(id) == Kind.UNION);
    }

    private Layout enumeration(int id) {
        boolean signed = raw.flag(id);
        Map<String, Long> constants = new LinkedHashMap<>();
        for (int i = 0; i < raw.count(id); i++) {
            constants.put(raw.partName(id, i), raw.constant(id, i));
        }
        if (!signed
                && raw.kind(id) == Kind.ENUM
                && constants.values().stream().anyMatch(c -> (int) (long) c < 0 && (int) (long) c >= LEAST_LIKELY)
                && !tellsSigns()) {
            signed = true;
            constants.replaceAll((name, c) -> (long) (int) (long) c);
        }
        return new Layout.Enumeration(spell(id, 0), size(id, 8), signed, constants);
    }

    /** Whether any enumeration says that it has a sign, or is of 64 bits: clang before 15 and pahole before 1.24 know neither. */
    private boolean tellsSigns() {
        for (int id = 1; id <= count(); id++) {
            if (raw.kind(id) == Kind.ENUM64 || raw.kind(id) == Kind.ENUM && raw.flag(id)) {
                return true;
            }
        }
        return false;
    }

    /** A type's name as C spells it, without looking into it: pointers may point back. */
    private String spell(int id, int depth) {
        if (id == 0 || depth > DEEPEST) {
            return "void";
        }
        String name = raw.name(id);
        return switch (raw.kind(id)) {
            case STRUCT -> name.isEmpty() ? "struct {...}" : "struct " + name;
            case UNION -> name.isEmpty() ? "union {...}" : "union " + name;
            case ENUM, ENUM64 -> name.isEmpty() ? "enum {...}" : "enum " + name;
            case FWD -> (raw.flag(id) ? "union " : "struct ") + name;
            case PTR -> spell(raw.target(id), depth + 1) + " *";
            case VOLATILE, RESTRICT, TYPE_TAG -> spell(raw.target(id), depth + 1);
            case CONST -> "const " + spell(raw.target(id), depth + 1);
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
        int id = raw.record(name);
        return id == 0 ? Optional.empty() : Optional.of((Layout.Struct) type(id));
    }

    /** The structs with members of these names in this order; without names too, an anonymous member being "". */
    List<Layout.Struct> structsWith(List<String> members) {
        List<Layout.Struct> found = new ArrayList<>();
        for (int id = 1; id <= count(); id++) {
            if (raw.kind(id) == Kind.STRUCT
                    && raw.count(id) == members.size()
                    && memberNames(id).equals(members)) {
                found.add((Layout.Struct) type(id));
            }
        }
        return found;
    }

    private List<String> memberNames(int id) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < raw.count(id); i++) {
            names.add(raw.partName(id, i));
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
            switch (raw.kind(id)) {
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
