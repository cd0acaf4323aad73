package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Layouts from libbcc's own description of a type, for maps that have no BTF. The description leaves things out (inner dimensions,
 * packing), so a layout whose size is not the map's is refused.
 */
final class JsonLayouts {
    private final String text;
    private int at;

    private JsonLayouts(String text) {
        this.text = text;
    }

    /** The layout, if the description gives one of the right size. */
    static Optional<Layout> parse(String json, long size) {
        if (json.isBlank()) {
            return Optional.empty();
        }
        Layout layout;
        try {
            layout = layout(new JsonLayouts(json).value());
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not a type description: " + json, e);
        }
        if (layout != null
                && layout.size() < size
                && layout.resolved() instanceof Layout.Int
                && size % layout.size() == 0) {
            layout = new Layout.Array(
                    layout, (int) (size / layout.size())); // a typedef of an array is told as its element
        }
        return Optional.ofNullable(layout).filter(l -> l.size() == size);
    }

    private static Layout layout(Object json) {
        if (json instanceof String name) {
            return EventLayouts.scalar(name).orElse(null);
        }
        if (!(json instanceof List<?> list) || list.size() < 3 || !(list.get(1) instanceof List<?> fields)) {
            return null;
        }
        Packing packing = new Packing("union".equals(list.get(2)), "struct_packed".equals(list.get(2)));
        for (Object field : fields) {
            if (!(field instanceof List<?> parts) || parts.size() < 2 || !(parts.getFirst() instanceof String name)) {
                return null;
            }
            boolean anonymous = parts.get(1) instanceof List && parts.size() > 2 && parts.get(2) instanceof String;
            Layout type = layout(anonymous ? parts : parts.get(1));
            Object extent = parts.size() > 2 && !anonymous ? parts.get(2) : null;
            if (type == null) {
                return null;
            }
            if (extent instanceof Long bits) {
                packing.bitField(name, type, bits.intValue());
            } else if (extent instanceof List<?> count) {
                packing.member(name, new Layout.Array(type, ((Number) count.getFirst()).intValue()));
            } else {
                packing.member(anonymous ? "" : name, type);
            }
        }
        return packing.struct((String) list.getFirst());
    }

    /**
     * Places members one after the other as C does on x86-64 and aarch64: each at a multiple of its alignment, bit-fields within a unit
     * of their type. What is told as packed has all its padding as members.
     */
    private static final class Packing {
        private static final Pattern PADDING = Pattern.compile("__pad_(\\d+|end)");
        private final boolean union;
        private final boolean packed;
        private final List<Layout.Member> members = new ArrayList<>();
        private long end;
        private long alignment = 1;

        Packing(boolean union, boolean packed) {
            this.union = union;
            this.packed = packed;
        }

        void member(String name, Layout type) {
            long natural = EventLayouts.alignment(type);
            long at = union ? 0 : packed ? end : roundUp(end, natural * 8);
            if (!packed || !PADDING.matcher(name).matches()) {
                members.add(new Layout.Member(name, at, 0, type));
                alignment = Math.max(alignment, natural);
            }
            end = Math.max(end, at + type.size() * 8);
        }

        void bitField(String name, Layout type, int bits) {
            long unit = type.size() * 8;
            long at = union ? 0 : end;
            if (bits == 0 || at / unit != (at + bits - 1) / unit) {
                at = roundUp(at, unit);
            }
            if (!name.isEmpty()) {
                members.add(new Layout.Member(name, at, bits, type));
                alignment = Math.max(alignment, EventLayouts.alignment(type));
            }
            end = Math.max(end, at + bits);
        }

        Layout struct(String name) {
            long size = roundUp(end, packed ? 8 : alignment * 8) / 8;
            return new Layout.Struct((union ? "union " : "struct ") + name, size, members, union);
        }

        private static long roundUp(long bits, long unit) {
            return Math.ceilDiv(bits, unit) * unit;
        }
    }

    /** Strings, numbers and arrays are all there is. */
    private Object value() {
        skip();
        char c = text.charAt(at);
        if (c == '"') {
            int close = text.indexOf('"', at + 1);
            String s = text.substring(at + 1, close);
            at = close + 1;
            return s;
        }
        if (c == '[') {
            at++;
            List<Object> list = new ArrayList<>();
            for (skip(); text.charAt(at) != ']'; skip()) {
                list.add(value());
            }
            at++;
            return list;
        }
        int from = at;
        while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        if (from == at) {
            throw new IllegalArgumentException("not a type description: " + text);
        }
        return Long.valueOf(text.substring(from, at));
    }

    private void skip() {
        while (at < text.length() && (text.charAt(at) == ',' || Character.isWhitespace(text.charAt(at)))) {
            at++;
        }
    }
}
