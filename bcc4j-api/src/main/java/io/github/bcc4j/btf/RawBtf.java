package io.github.bcc4j.btf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The types of one BTF blob, or of a module's on top of its kernel's. Reading makes an index of offsets; names are found through a hash
 * table made at the first search. Whatever the bytes are, the answer is a type or an {@link IllegalArgumentException}.
 *
 * <p>Thread-safe. Little-endian, as on all supported machines. Source: the kernel's Documentation/bpf/btf.rst.
 */
public final class RawBtf {
    private static final int COMMON = Sections.COMMON;

    private final RawBtf base;
    private final ByteBuffer data;
    private final int strings;
    private final int stringsLength;
    private final IntBuffer offsets;
    private volatile Names names;

    private RawBtf(RawBtf base, ByteBuffer data, int strings, int stringsLength, IntBuffer offsets) {
        this.base = base;
        this.data = data;
        this.strings = strings;
        this.stringsLength = stringsLength;
        this.offsets = offsets;
    }

    /**
     * Reads BTF that stands for itself.
     *
     * @param bytes the blob; empty for no types at all
     * @return its types
     * @throws IllegalArgumentException if it is not well-formed
     */
    public static RawBtf parse(ByteBuffer bytes) {
        return parse(bytes, (RawBtf) null);
    }

    /**
     * Reads a module's BTF.
     *
     * @param bytes the blob
     * @param base its kernel's, null if it stands for itself
     * @return its types, and those of the base by their own ids
     * @throws IllegalArgumentException if it is not well-formed
     */
    public static RawBtf parse(ByteBuffer bytes, RawBtf base) {
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (data.limit() == 0) {
            return new RawBtf(base, data, 0, 0, IntBuffer.allocate(0));
        }
        Sections sections = Sections.of(data);
        int[] offsets = base == null ? sections.index(1, 0) : sections.index(base.end(), base.stringsEnd());
        return new RawBtf(base, data, sections.strings(), sections.stringsLength(), IntBuffer.wrap(offsets));
    }

    /**
     * Reads BTF that stands for itself, with an index that an earlier reading left in a file, or leaves one. A file that can't be read,
     * written or trusted makes no difference but that of time.
     *
     * @param bytes the blob
     * @param file a file that is for this very blob alone
     * @return its types
     * @throws IllegalArgumentException if it is not well-formed
     */
    public static RawBtf parse(ByteBuffer bytes, Path file) {
        ByteBuffer data = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        Optional<IndexFile> index = IndexFile.read(file, data.limit());
        if (index.isPresent()) {
            Sections sections = Sections.of(data);
            RawBtf types = new RawBtf(
                    null,
                    data,
                    sections.strings(),
                    sections.stringsLength(),
                    index.get().offsets());
            types.names = new Names(types, index.get().hashes(), index.get().ids());
            return types;
        }
        RawBtf types = parse(bytes);
        if (types.offsets.limit() > 0) {
            types.names().save(file, data.limit(), types.offsets);
        }
        return types;
    }

    /** The first id of this blob's own types. */
    int start() {
        return base == null ? 1 : base.end();
    }

    /**
     * The number behind the last id.
     *
     * @return 1 if there are no types
     */
    public int end() {
        return start() + offsets.limit();
    }

    private int stringsEnd() {
        return (base == null ? 0 : base.stringsEnd()) + stringsLength;
    }

    private RawBtf home(int id) {
        if (id < 1 || id >= end()) {
            throw new IllegalArgumentException("BTF has no type " + id);
        }
        return id < start() ? base.home(id) : this;
    }

    private int at(int id) {
        return offsets.get(id - start());
    }

    private int word(int id, int offset) {
        RawBtf home = home(id);
        return home.data.getInt(home.at(id) + offset);
    }

    /**
     * What a type is.
     *
     * @param id the type, 0 for void
     * @return its kind
     * @throws IllegalArgumentException if there is no such type, as from every method here
     */
    public Kind kind(int id) {
        return id == 0 ? Kind.VOID : Kind.of(word(id, 4) >>> 24 & 0x1f);
    }

    /**
     * A type's name.
     *
     * @param id the type
     * @return empty if it has none
     */
    public String name(int id) {
        return id == 0 ? "void" : string(word(id, 0));
    }

    /**
     * How many members, constants or parameters a type has.
     *
     * @param id the type
     * @return 0 to 65535
     */
    public int count(int id) {
        return word(id, 4) & 0xffff;
    }

    /**
     * A type's flag: signed for enumerations, a union for forward declarations, offsets with bit sizes for structs.
     *
     * @param id the type
     * @return the flag
     */
    public boolean flag(int id) {
        return word(id, 4) < 0;
    }

    /**
     * A size in bytes, of integers, structs, unions, enumerations and floats.
     *
     * @param id the type
     * @return zero or more
     */
    public long size(int id) {
        return word(id, 8) & 0xffffffffL;
    }

    /**
     * What a pointer points to, a typedef or qualifier stands for, a function returns.
     *
     * @param id the type
     * @return a type, 0 for void
     */
    public int target(int id) {
        return word(id, 8);
    }

    /**
     * How an integer is encoded.
     *
     * @param id the integer
     * @return bits 0 to 7: how many bits; 16 to 23: offset of the first; 24: signed, 25: character, 26: truth value
     */
    public int encoding(int id) {
        return word(id, COMMON);
    }

    /**
     * An array's elements.
     *
     * @param id the array
     * @return their type
     */
    public int element(int id) {
        return word(id, COMMON);
    }

    /**
     * An array's length.
     *
     * @param id the array
     * @return the number of its elements
     */
    public long length(int id) {
        return word(id, COMMON + 8) & 0xffffffffL;
    }

    private int part(int id, int i, int offset) {
        RawBtf home = home(id);
        Kind kind = home.kind(id);
        if (i < 0 || i >= count(id)) {
            throw new IllegalArgumentException("BTF type " + id + " has no part " + i);
        }
        return home.data.getInt(home.at(id) + COMMON + kind.fixed + i * kind.each + offset);
    }

    /**
     * The name of a member, constant or parameter.
     *
     * @param id the type
     * @param i which, from 0
     * @return empty if it has none
     */
    public String partName(int id, int i) {
        return string(part(id, i, 0));
    }

    /**
     * The type of a member or parameter.
     *
     * @param id the type
     * @param i which, from 0
     * @return a type, 0 for the dots of a variadic function
     */
    public int partType(int id, int i) {
        return part(id, i, 4);
    }

    /**
     * Where a member begins.
     *
     * @param id the struct or union
     * @param i which, from 0
     * @return offset in bits
     */
    public long bitOffset(int id, int i) {
        long offset = part(id, i, 8) & 0xffffffffL;
        return flag(id) ? offset & 0xffffff : offset;
    }

    /**
     * How wide a member is if it is a bit-field.
     *
     * @param id the struct or union
     * @param i which, from 0
     * @return bits, 0 for no bit-field
     */
    public int bitSize(int id, int i) {
        return flag(id) ? part(id, i, 8) >>> 24 : 0;
    }

    /**
     * The value of an enumeration's constant.
     *
     * @param id the enumeration
     * @param i which, from 0
     * @return as a signed number; unsigned ones of 64 bits may be negative here
     */
    public long constant(int id, int i) {
        int low = part(id, i, 4);
        if (kind(id) == Kind.ENUM64) {
            return low & 0xffffffffL | (long) part(id, i, 8) << 32;
        }
        return flag(id) ? low : low & 0xffffffffL;
    }

    /** Whether a member, constant or parameter has a name. */
    boolean hasPart(int id, byte[] name) {
        RawBtf home = home(id);
        Kind kind = home.kind(id);
        int at = home.at(id) + COMMON + kind.fixed;
        for (int i = count(id); i > 0; i--, at += kind.each) {
            if (isText(home.data.getInt(at), name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a struct or union has a member, its own or one of an unnamed struct or union in it.
     *
     * @param id a struct or union
     * @param name the member
     * @return true if so
     */
    public boolean hasMember(int id, String name) {
        return IntStream.range(0, count(id)).anyMatch(i -> {
            int type = resolved(partType(id, i));
            return partName(id, i).isEmpty()
                    ? (kind(type) == Kind.STRUCT || kind(type) == Kind.UNION) && hasMember(type, name)
                    : partName(id, i).equals(name);
        });
    }

    /** Whether a text of the string section is this one; differences are mostly at the end. */
    boolean isText(int offset, byte[] wanted) {
        int own = base == null ? 0 : base.stringsEnd();
        if (offset < own) {
            return base != null && base.isText(offset, wanted);
        }
        int start = offset - own;
        int end = start + wanted.length;
        if (start < 0 || end < start || end >= stringsLength || data.get(strings + end) != 0) {
            return false;
        }
        for (int i = wanted.length - 1; i >= 0; i--) {
            if (data.get(strings + start + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * A text of the string section.
     *
     * @param offset where it begins
     * @return the text, empty if there is none at this offset
     */
    public String string(int offset) {
        int own = base == null ? 0 : base.stringsEnd();
        if (offset < own) {
            return offset < 0 || base == null ? "" : base.string(offset);
        }
        int start = offset - own;
        if (start >= stringsLength) {
            return "";
        }
        int end = start;
        while (end < stringsLength && data.get(strings + end) != 0) {
            end++;
        }
        byte[] bytes = new byte[end - start];
        data.get(strings + start, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * A type without its qualifiers.
     *
     * @param id the type
     * @return a type that is none
     */
    public int unqualified(int id) {
        int type = id;
        for (int steps = 0; steps < 64; steps++) {
            switch (kind(type)) {
                case CONST, VOLATILE, RESTRICT, TYPE_TAG -> type = target(type);
                default -> {
                    return type;
                }
            }
        }
        throw new IllegalArgumentException("BTF type " + id + " contains itself");
    }

    /**
     * What a type is when its names and qualifiers are looked through.
     *
     * @param id the type
     * @return a type that is neither a typedef nor qualified
     */
    public int resolved(int id) {
        int type = unqualified(id);
        for (int steps = 0; steps < 64; steps++) {
            if (kind(type) != Kind.TYPEDEF) {
                return type;
            }
            type = unqualified(target(type));
        }
        throw new IllegalArgumentException("BTF type " + id + " contains itself");
    }

    /**
     * Finds a struct or union by its tag.
     *
     * @param tag without the word struct or union
     * @return its id, 0 if there is none or it is only declared
     */
    public int record(String tag) {
        return find(Names.RECORD, tag);
    }

    /**
     * Finds an enumeration by its tag.
     *
     * @param tag without the word enum
     * @return its id, 0 if there is none
     */
    public int enumeration(String tag) {
        return find(Names.ENUM, tag);
    }

    /**
     * Finds a typedef.
     *
     * @param name its name
     * @return its id, 0 if there is none
     */
    public int typedef(String name) {
        return find(Names.TYPEDEF, name);
    }

    /**
     * Finds a function.
     *
     * @param name its name
     * @return its id, 0 if there is none
     */
    public int function(String name) {
        return find(Names.FUNC, name);
    }

    /**
     * Finds the enumeration that has a constant.
     *
     * @param constant the constant's name
     * @return the id of the enumeration, 0 if there is none
     */
    public int enumerationOf(String constant) {
        return find(Names.CONSTANT, constant);
    }

    private int find(int what, String name) {
        int found = base == null || name.isEmpty() ? 0 : base.find(what, name);
        return found != 0 || name.isEmpty() ? found : names().find(what, name);
    }

    private Names names() {
        Names all = names;
        if (all == null) {
            synchronized (this) {
                all = names;
                if (all == null) {
                    all = new Names(this);
                    names = all;
                }
            }
        }
        return all;
    }

    /** The offset of a name in the string section as this blob counts: that of a type, or of one of its parts. */
    int nameOffset(int id, int part) {
        return part < 0 ? word(id, 0) : part(id, part, 0);
    }

    /** The hash of the string at an offset; 0 if it is empty or outside. */
    int hash(int offset) {
        int own = base == null ? 0 : base.stringsEnd();
        if (offset < own) {
            return offset < 0 || base == null ? 0 : base.hash(offset);
        }
        int hash = 0;
        for (int at = offset - own; at < stringsLength; at++) {
            byte b = data.get(strings + at);
            if (b == 0) {
                break;
            }
            hash = 31 * hash + b;
        }
        return hash;
    }
}
