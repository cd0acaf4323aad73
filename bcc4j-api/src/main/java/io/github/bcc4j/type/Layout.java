package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A C type as it lies in memory: exact sizes and offsets. Immutable. */
public sealed interface Layout {
    /**
     * Its size.
     *
     * @return bytes
     */
    long size();

    /**
     * Its name as C spells it.
     *
     * @return {@code u32}, {@code char[16]}, {@code struct event}
     */
    String name();

    /**
     * What is behind its typedefs.
     *
     * @return this, if it is none
     */
    default Layout resolved() {
        return this;
    }

    /**
     * What it looks like, for a person.
     *
     * @return its name and size; for a struct or union a line for each member with offset, size, type and name
     */
    default String describe() {
        return name() + ", " + size() + (size() == 1 ? " byte" : " bytes");
    }

    /**
     * An integer.
     *
     * @param name its spelling
     * @param size 1, 2, 4, 8 or 16 bytes
     * @param signed whether it has a sign
     * @param bool whether it is {@code _Bool}
     */
    record Int(String name, long size, boolean signed, boolean bool) implements Layout {}

    /**
     * A floating-point number.
     *
     * @param name its spelling
     * @param size 4 or 8 bytes, 16 for long double
     */
    record Floating(String name, long size) implements Layout {}

    /**
     * An enumeration.
     *
     * @param name {@code enum color}
     * @param size bytes
     * @param signed whether a constant is negative
     * @param constants values by name, in order
     */
    record Enumeration(String name, long size, boolean signed, Map<String, Long> constants) implements Layout {}

    /**
     * An address.
     *
     * @param name what it points to, and a star
     */
    record Pointer(String name) implements Layout {
        @Override
        public long size() {
            return 8;
        }
    }

    /**
     * An array.
     *
     * @param element the type of its elements
     * @param count how many
     */
    record Array(Layout element, int count) implements Layout {
        @Override
        public long size() {
            return element.size() * count;
        }

        /** The outer dimension first, as C writes it. */
        @Override
        public String name() {
            String inner = element.name();
            int bracket = element instanceof Array ? inner.indexOf('[') : inner.length();
            return inner.substring(0, bracket) + "[" + count + "]" + inner.substring(bracket);
        }

        /** Whether it can be read as a byte string. */
        boolean isBytes() {
            return element.resolved() instanceof Int i && i.size() == 1 && !i.bool();
        }
    }

    /**
     * Another name for a type.
     *
     * @param name the name
     * @param target the type
     */
    record Typedef(String name, Layout target) implements Layout {
        @Override
        public String describe() {
            return resolved() instanceof Struct s ? "typedef " + name + ": " + s.describe() : Layout.super.describe();
        }

        @Override
        public long size() {
            return target.size();
        }

        @Override
        public Layout resolved() {
            return target.resolved();
        }
    }

    /**
     * A member of a struct or union.
     *
     * @param name its name, empty if anonymous
     * @param bitOffset bits from the start of the struct
     * @param bitSize bits of a bit-field, else 0
     * @param type its type
     */
    record Member(String name, long bitOffset, int bitSize, Layout type) {
        /**
         * Where it begins, in bytes.
         *
         * @return the offset, rounded down for a bit-field
         */
        public long offset() {
            return bitOffset / 8;
        }
    }

    /**
     * A struct or union.
     *
     * @param name {@code struct event}, {@code union value}; {@code struct {...}} if anonymous
     * @param size bytes, padding included
     * @param members in order; those of a union overlap
     * @param union whether it is a union
     */
    record Struct(String name, long size, List<Member> members, boolean union) implements Layout {
        /** Takes a copy of the list. */
        public Struct {
            members = List.copyOf(members);
        }

        /**
         * The members by name, those of anonymous members included.
         *
         * @return with offsets from the start of this
         */
        public List<Member> flattened() {
            List<Member> flat = new ArrayList<>();
            for (Member m : members) {
                if (m.name().isEmpty() && m.type().resolved() instanceof Struct inner) {
                    inner.flattened()
                            .forEach(i -> flat.add(
                                    new Member(i.name(), i.bitOffset() + m.bitOffset(), i.bitSize(), i.type())));
                } else if (!m.name().isEmpty()) {
                    flat.add(m);
                }
            }
            return flat;
        }

        /**
         * A member by name.
         *
         * @param wanted its C name, or that in camel case
         * @return the member
         */
        public Optional<Member> member(String wanted) {
            List<Member> flat = flattened();
            return flat.stream()
                    .filter(m -> m.name().equals(wanted))
                    .findFirst()
                    .or(() -> flat.stream()
                            .filter(m -> camelCase(m.name()).equals(wanted))
                            .findFirst());
        }

        private static String camelCase(String name) {
            StringBuilder out = new StringBuilder();
            for (String word : name.split("_")) {
                if (!word.isEmpty()) {
                    out.append(out.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
                }
            }
            return out.toString();
        }

        @Override
        public String describe() {
            StringBuilder text = new StringBuilder(name + " { // " + size + " bytes: offset, size, type, name\n");
            describe(0, "", text);
            return text.append('}').toString();
        }

        /** Members of structs without a name follow their struct, indented. */
        private void describe(long start, String indent, StringBuilder text) {
            for (Member m : flattened()) {
                text.append(String.format(
                        "  %4d %4d  %s%s %s",
                        start + m.offset(), m.type().size(), indent, m.type().name(), m.name()));
                if (m.bitSize() > 0) {
                    text.append(" : ").append(m.bitSize()).append(", from bit ").append(m.bitOffset() % 8);
                }
                text.append('\n');
                if (m.type().resolved() instanceof Struct inner && inner.name().endsWith("{...}")) {
                    inner.describe(start + m.offset(), indent + "  ", text);
                }
            }
        }
    }
}
