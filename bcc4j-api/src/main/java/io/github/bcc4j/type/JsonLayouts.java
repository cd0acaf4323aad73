package io.github.bcc4j.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        Layout layout = layout(new JsonLayouts(json).value());
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
        if (!(json instanceof List<?> list) || list.size() < 2 || !(list.get(1) instanceof List<?> fields)) {
            return null;
        }
        boolean union = list.size() > 2 && "union".equals(list.get(2));
        boolean packed = list.size() > 2 && "struct_packed".equals(list.get(2));
        List<Layout.Member> members = new ArrayList<>();
        long end = 0;
        long widest = 1;
        for (Object field : fields) {
            List<?> parts = (List<?>) field;
            boolean anonymous = parts.size() > 2 && "".equals(parts.getFirst()) && parts.get(2) instanceof String;
            Layout type = layout(anonymous ? parts : parts.size() > 1 ? parts.get(1) : null);
            if (anonymous) {
                parts = parts.subList(0, 2);
            }
            if (type == null || parts.size() > 2 && !(parts.get(2) instanceof List)) {
                return null; // a bit-field, or something unknown
            }
            if (parts.size() > 2) {
                type = new Layout.Array(type, ((Number) ((List<?>) parts.get(2)).getFirst()).intValue());
            }
            String name = (String) parts.getFirst();
            long alignment = packed ? 1 : EventLayouts.alignment(type);
            long offset = union ? 0 : Math.ceilDiv(end, alignment) * alignment;
            if (!name.startsWith("__pad_")) {
                members.add(new Layout.Member(name, offset * 8, 0, type));
            }
            end = union ? Math.max(end, type.size()) : offset + type.size();
            widest = Math.max(widest, alignment);
        }
        String name = (union ? "union " : "struct ") + list.getFirst();
        return new Layout.Struct(name, Math.ceilDiv(end, widest) * widest, members, union);
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
