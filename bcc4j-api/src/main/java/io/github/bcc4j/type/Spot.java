package io.github.bcc4j.type;

/**
 * Where a Java type is to be bound, and what was said about it.
 *
 * @param layout the C type
 * @param firstBit for a bit-field the bit within its byte
 * @param bits for a bit-field its width, else 0
 * @param unsigned whether {@link Unsigned} was said
 * @param ordinal whether {@link Ordinal} was said
 * @param lenient whether {@link Unsigned} needs not be said
 * @param path the member, as in {@code where.x}; empty for the whole
 * @param what what the whole is, for messages
 */
record Spot(
        Layout layout,
        int firstBit,
        int bits,
        boolean unsigned,
        boolean ordinal,
        boolean lenient,
        String path,
        String what) {

    static Spot whole(Layout layout, String what) {
        return new Spot(layout, 0, 0, false, false, true, "", what);
    }

    /** An element of this array; there is no place to annotate it. */
    Spot element(Layout element) {
        return new Spot(element, 0, 0, unsigned, ordinal, true, path + "[]", what);
    }

    /** What it is, before a problem of binding: the whole is named in the headline. */
    String subject() {
        return path.isEmpty() ? what : path;
    }

    /** What it is, for an error of later. */
    String where() {
        return path.isEmpty() ? what : path + " of " + what;
    }

    /** The type as C declares it. */
    String type() {
        return bits == 0 ? layout.name() : layout.name() + " : " + bits;
    }
}
