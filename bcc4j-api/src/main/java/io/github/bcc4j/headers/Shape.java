package io.github.bcc4j.headers;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a struct has to be written in C for the compiler to put each member where BTF says it is. Alignments are those of the types as
 * written here, which may be less than the kernel's own: every gap is filled explicitly.
 *
 * <p>Not thread-safe. Source: the System V ABI's rules for structs and bit-fields, which clang follows for BPF as well.
 */
final class Shape {
    private static final int DEEPEST = 64;
    private static final Plan OPAQUE = new Plan(List.of(), false, true, 1);

    /**
     * A step of writing a struct.
     *
     * @param gapStart the first bit of padding before the member
     * @param gapEnd the bit after the padding
     * @param member its number, -1 behind the last
     */
    record Step(long gapStart, long gapEnd, int member) {}

    /**
     * How to write a struct.
     *
     * @param steps member by member, with padding
     * @param packed whether it needs the attribute
     * @param opaque whether C can't express it: then it is bytes
     * @param align in bytes
     */
    record Plan(List<Step> steps, boolean packed, boolean opaque, long align) {}

    private final RawBtf types;
    private final Map<Integer, Plan> plans = new HashMap<>();
    private int depth;

    Shape(RawBtf types) {
        this.types = types;
    }

    /** The plan for a struct or union. */
    Plan plan(int id) {
        Plan known = plans.get(id);
        if (known != null) {
            return known;
        }
        if (++depth > DEEPEST) {
            depth = 0;
            throw new IllegalArgumentException("BTF type " + id + " contains itself");
        }
        Plan plan = attempt(id, false).or(() -> attempt(id, true)).orElse(OPAQUE);
        depth--;
        plans.put(id, plan);
        return plan;
    }

    /** A bit-field's width, 0 for other members. Old BTF has it in the type. */
    int bits(int id, int member) {
        int bits = types.bitSize(id, member);
        int type = types.resolved(types.partType(id, member));
        if (bits == 0 && types.kind(type) == Kind.INT) {
            int width = types.encoding(type) & 0xff;
            return width == types.size(type) * 8 || width == 0 ? 0 : width;
        }
        return bits;
    }

    private long bitOffset(int id, int member) {
        long offset = types.bitOffset(id, member);
        int type = types.resolved(types.partType(id, member));
        return types.kind(type) == Kind.INT ? offset + (types.encoding(type) >> 16 & 0xff) : offset;
    }

    private Optional<Plan> attempt(int id, boolean packed) {
        boolean union = types.kind(id) == Kind.UNION;
        long end = types.size(id) * 8;
        long position = 0;
        long longest = 0;
        long align = 1;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < types.count(id); i++) {
            int type = types.partType(id, i);
            long offset = bitOffset(id, i);
            int bits = bits(id, i);
            long size = size(type);
            long unit = packed ? 1 : align(type) * 8;
            if (bits > 0) {
                unit = packed ? 1 : size * 8;
                if (bits > size * 8 || !packed && offset % unit + bits > unit) {
                    return Optional.empty();
                }
            } else if (offset % (packed ? 8 : unit) != 0) {
                return Optional.empty();
            }
            boolean named = !types.partName(id, i).isEmpty();
            align = packed || bits > 0 && !named ? align : Math.max(align, align(type));
            if (offset < position || union && offset != 0) {
                return Optional.empty();
            }
            steps.add(new Step(natural(position, bits, unit, packed) == offset ? offset : position, offset, i));
            longest = Math.max(longest, offset + (bits > 0 ? bits : size * 8));
            position = union ? 0 : longest;
        }
        if (longest > end || end % (align * 8) != 0) {
            return Optional.empty();
        }
        boolean padded = end > roundUp(longest, align * 8);
        steps.add(new Step(padded ? union ? 0 : longest : end, end, -1));
        return Optional.of(new Plan(steps, packed, false, align));
    }

    /** Where C would put a member. */
    private static long natural(long position, int bits, long unit, boolean packed) {
        if (bits == 0) {
            return roundUp(position, packed ? 8 : unit);
        }
        return packed || position % unit + bits <= unit ? position : roundUp(position, unit);
    }

    private static long roundUp(long bits, long unit) {
        return (bits + unit - 1) / unit * unit;
    }

    /** How many bytes a type takes. */
    long size(int id) {
        int type = types.resolved(id);
        return switch (types.kind(type)) {
            case INT, ENUM, ENUM64, STRUCT, UNION, FLOAT -> types.size(type);
            case PTR -> 8;
            case ARRAY -> {
                long size = deeper(types.element(type), true) * types.length(type);
                if (size > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException("BTF type " + id + " is an array of " + size + " bytes");
                }
                yield size;
            }
            default -> throw new IllegalArgumentException("BTF type " + id + " has no size");
        };
    }

    /** What a type's address is a multiple of, as written here. */
    long align(int id) {
        int type = types.resolved(id);
        return switch (types.kind(type)) {
            case INT, ENUM, ENUM64, FLOAT -> power(type, types.size(type));
            case PTR -> 8;
            case ARRAY -> deeper(types.element(type), false);
            case STRUCT, UNION -> plan(type).align();
            default -> throw new IllegalArgumentException("BTF type " + id + " has no size");
        };
    }

    private static long power(int id, long size) {
        if (Long.bitCount(size) != 1 || size > 16) {
            throw new IllegalArgumentException("BTF type " + id + " has an impossible size: " + size + " bytes");
        }
        return size;
    }

    private long deeper(int id, boolean size) {
        if (++depth > DEEPEST) {
            depth = 0;
            throw new IllegalArgumentException("BTF type " + id + " contains itself");
        }
        long result = size ? size(id) : align(id);
        depth--;
        return result;
    }
}
