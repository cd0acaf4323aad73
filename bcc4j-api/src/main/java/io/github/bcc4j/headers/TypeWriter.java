package io.github.bcc4j.headers;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes types as C: each after those it needs. A pointer needs its target's name only, so that is declared, and defined if the program
 * names the member.
 *
 * <p>Qualifiers of members are left out: a BPF program can't do harm to the kernel's memory, but it copies structs. Source of the
 * grammar: C11 6.7.
 */
final class TypeWriter {
    private static final int DEEPEST = 200;
    private static final int MOST_STEPS = 2_000_000;

    private final RawBtf types;
    private final Names names;
    private final Shape shape;
    private final Set<String> followed;
    private final Deque<Integer> waiting = new ArrayDeque<>();
    private final Set<Integer> begun = new HashSet<>();
    private final Set<String> declared = new TreeSet<>();
    private final Set<String> roots = new TreeSet<>();
    private final StringBuilder out = new StringBuilder();
    private int depth;
    private int steps;
    private int pads;

    /** A writer that follows pointers in members of these names. */
    TypeWriter(RawBtf types, Names names, Set<String> followed) {
        this.types = types;
        this.names = names;
        this.shape = new Shape(types);
        this.followed = followed;
    }

    /** Writes a type and what it needs, whole. */
    void define(int id) {
        root(id);
        while (!waiting.isEmpty()) {
            root(waiting.remove());
        }
    }

    private void root(int id) {
        complete(id);
        int type = types.resolved(id);
        if ((types.kind(type) == Kind.STRUCT || types.kind(type) == Kind.UNION)
                && !types.name(type).isEmpty()) {
            roots.add(tag(type));
        }
    }

    /** All that was written, declarations first. */
    String text() {
        StringBuilder all = new StringBuilder();
        declared.forEach(tag -> all.append(tag).append(";\n"));
        return all.append(out).toString();
    }

    /** The tags of the structs and unions that were asked for, or followed to. */
    Set<String> roots() {
        return roots;
    }

    /** Makes a type ready for having a member of it. */
    private void complete(int id) {
        enter(id);
        switch (types.kind(id)) {
            case TYPEDEF -> {
                mention(id);
                complete(types.target(id));
            }
            case CONST, VOLATILE, RESTRICT, TYPE_TAG -> complete(types.target(id));
            case ARRAY -> complete(types.element(id));
            case STRUCT, UNION -> record(id);
            default -> mention(id);
        }
        depth--;
    }

    /** Makes a type ready for being named. */
    private void mention(int id) {
        enter(id);
        switch (types.kind(id)) {
            case STRUCT, UNION -> {
                if (types.name(id).isEmpty()) {
                    members(id);
                } else {
                    declared.add(tag(id));
                }
            }
            case FWD -> declared.add(tag(id));
            case ENUM, ENUM64 -> enumeration(id);
            case TYPEDEF -> typedef(id);
            case PTR, CONST, VOLATILE, RESTRICT, TYPE_TAG -> mention(types.target(id));
            case ARRAY -> complete(types.element(id));
            case FUNC_PROTO -> {
                mention(types.target(id));
                for (int i = 0; i < types.count(id); i++) {
                    mention(types.partType(id, i));
                }
            }
            default -> {}
        }
        depth--;
    }

    private void enter(int id) {
        if (++depth > DEEPEST || ++steps > MOST_STEPS) {
            throw new IllegalArgumentException("BTF type " + id + " contains itself");
        }
    }

    private void members(int id) {
        if (shape.plan(id).opaque()) {
            return;
        }
        for (int i = 0; i < types.count(id); i++) {
            int type = types.partType(id, i);
            complete(type);
            if (followed.contains(types.partName(id, i))) {
                follow(type);
            }
        }
    }

    private void follow(int id) {
        int type = types.resolved(id);
        for (int steps = 0; steps < DEEPEST; steps++) {
            switch (types.kind(type)) {
                case PTR -> type = types.resolved(types.target(type));
                case ARRAY -> type = types.resolved(types.element(type));
                case STRUCT, UNION -> {
                    if (!begun.contains(type)) {
                        waiting.add(type);
                    }
                    return;
                }
                case FWD -> {
                    int whole = types.record(types.name(type));
                    if (whole != 0 && !begun.contains(whole)) {
                        waiting.add(whole);
                    }
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void record(int id) {
        if (types.name(id).isEmpty()) {
            members(id);
        } else if (begun.add(id)) {
            declared.add(tag(id));
            members(id);
            out.append(tag(id)).append(body(id)).append(";\n");
        }
    }

    private String tag(int id) {
        boolean union = types.kind(id) == Kind.UNION || types.kind(id) == Kind.FWD && types.flag(id);
        return (union ? "union " : "struct ") + names.tag(id);
    }

    private String body(int id) {
        Shape.Plan plan = shape.plan(id);
        StringBuilder text = new StringBuilder(" {\n");
        if (plan.opaque()) {
            text.append("unsigned char __opaque[").append(types.size(id)).append("];\n");
        }
        for (Shape.Step step : plan.steps()) {
            if (step.gapEnd() > step.gapStart()) {
                pad(text, step.gapStart(), step.gapEnd());
            }
            if (step.member() >= 0) {
                int bits = shape.bits(id, step.member());
                int type = types.partType(id, step.member());
                String name = types.partName(id, step.member());
                // An unnamed member with a tag is a dialect of C that has to be asked for; without the tag it is none.
                text.append(name.isEmpty() && bits == 0 ? unnamed(type) : declaration(type, name));
                text.append(bits > 0 ? " : " + bits + ";\n" : ";\n");
            }
        }
        return text.append(plan.packed() ? "} __attribute__((__packed__))" : "}")
                .toString();
    }

    private String unnamed(int id) {
        int type = types.resolved(id);
        return (types.kind(type) == Kind.UNION ? "union" : "struct") + body(type);
    }

    private void pad(StringBuilder text, long from, long to) {
        long bit = from;
        if (bit % 8 != 0) {
            long rest = Math.min(8 - bit % 8, to - bit);
            text.append("unsigned char : ").append(rest).append(";\n");
            bit += rest;
        }
        if (to - bit >= 8) {
            text.append("unsigned char __bcc4j_pad").append(pads++);
            text.append('[').append((to - bit) / 8).append("];\n");
            bit += (to - bit) / 8 * 8;
        }
        if (to > bit) {
            text.append("unsigned char : ").append(to - bit).append(";\n");
        }
    }

    private void typedef(int id) {
        String name = types.name(id);
        if (name.startsWith("__builtin") || !begun.add(id)) {
            return;
        }
        int target = types.target(id);
        mention(target);
        out.append("typedef ").append(declaration(target, names.typedef(id))).append(";\n");
    }

    private void enumeration(int id) {
        if (!begun.add(id) || types.count(id) == 0 && types.name(id).isEmpty()) {
            return;
        }
        String mode = switch ((int) types.size(id)) {
            case 1 -> " __attribute__((__mode__(__QI__)))";
            case 2 -> " __attribute__((__mode__(__HI__)))";
            default -> "";
        };
        out.append("enum").append(mode);
        if (!types.name(id).isEmpty()) {
            out.append(' ').append(names.tag(id));
        }
        out.append(" {\n");
        for (int i = 0; i < types.count(id); i++) {
            long value = types.constant(id, i);
            String number = value == Long.MIN_VALUE
                    ? "(-9223372036854775807LL - 1)"
                    : value < 0 && !types.flag(id) ? Long.toUnsignedString(value) + "ULL" : Long.toString(value);
            out.append(names.constant(types.partName(id, i), id))
                    .append(" = ")
                    .append(number)
                    .append(",\n");
        }
        if (types.size(id) == 8) {
            // Constants that fit an int would make it one.
            out.append("__bcc4j_wide" + id).append(types.flag(id) ? " = -1LL << 62,\n" : " = ~0ULL,\n");
        }
        if (types.count(id) == 0) {
            out.append("__bcc4j_none" + id).append(",\n");
        }
        out.append("};\n");
    }

    /** A declaration of something of a type. */
    private String declaration(int id, String what) {
        int type = types.unqualified(id);
        return switch (types.kind(type)) {
            case PTR -> {
                int target = types.unqualified(types.target(type));
                boolean inner = types.kind(target) == Kind.ARRAY || types.kind(target) == Kind.FUNC_PROTO;
                String constant = isConst(types.target(type)) && !inner ? "const " : "";
                yield constant + declaration(target, inner ? "(*" + what + ")" : "*" + what);
            }
            case ARRAY -> declaration(types.element(type), what + "[" + types.length(type) + "]");
            case FUNC_PROTO -> declaration(types.target(type), what + parameters(type));
            default -> what.isEmpty() ? spell(type) : spell(type) + " " + what;
        };
    }

    /** Whether something const is pointed to, and not a pointer itself. */
    private boolean isConst(int id) {
        int type = id;
        boolean constant = false;
        for (int steps = 0; steps < DEEPEST; steps++) {
            switch (types.kind(type)) {
                case CONST -> constant = true;
                case VOLATILE, RESTRICT, TYPE_TAG -> {}
                case PTR -> {
                    return false;
                }
                default -> {
                    return constant;
                }
            }
            type = types.target(type);
        }
        return constant;
    }

    private String parameters(int id) {
        if (types.count(id) == 0) {
            return "(void)";
        }
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < types.count(id); i++) {
            int type = types.partType(id, i);
            text.append(i > 0 ? ", " : "");
            text.append(type == 0 ? "..." : declaration(type, ""));
        }
        return text.append(')').toString();
    }

    private String spell(int id) {
        return switch (types.kind(id)) {
            case VOID -> "void";
            case STRUCT, UNION ->
                types.name(id).isEmpty() ? (types.kind(id) == Kind.UNION ? "union" : "struct") + body(id) : tag(id);
            case FWD -> tag(id);
            case ENUM, ENUM64 ->
                types.name(id).isEmpty() ? integer((int) types.size(id), types.flag(id)) : "enum " + names.tag(id);
            case TYPEDEF -> {
                String name = types.name(id);
                yield name.startsWith("__builtin") ? name : names.typedef(id);
            }
            case INT -> number(id);
            case FLOAT -> types.size(id) == 4 ? "float" : types.size(id) == 8 ? "double" : "long double";
            default -> throw new IllegalArgumentException("BTF type " + id + " is no type of data");
        };
    }

    private String number(int id) {
        int encoding = types.encoding(id) >>> 24;
        if ((encoding & 4) != 0) {
            return "_Bool";
        }
        String name = types.name(id);
        boolean signed = (encoding & 1) != 0;
        return switch (name) {
            case "char", "long int", "long unsigned int" -> name;
            default -> integer((int) types.size(id), signed);
        };
    }

    private static String integer(int size, boolean signed) {
        String sign = signed ? "" : "unsigned ";
        return switch (size) {
            case 1 -> signed ? "signed char" : "unsigned char";
            case 2 -> sign + "short";
            case 4 -> sign + "int";
            case 8 -> sign + "long long";
            case 16 -> sign + "__int128";
            default -> throw new IllegalArgumentException("BTF has an integer of " + size + " bytes");
        };
    }
}
