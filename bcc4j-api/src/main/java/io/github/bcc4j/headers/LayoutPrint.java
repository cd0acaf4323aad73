package io.github.bcc4j.headers;

import io.github.bcc4j.btf.Kind;
import io.github.bcc4j.btf.RawBtf;

/** A fingerprint of a struct's layout: the same where all members, also of embedded structs, are of the same names, places and sizes. */
final class LayoutPrint {
    private static final int DEEPEST = 32;

    private final RawBtf types;
    private final Shape shape;
    private long hash;

    private LayoutPrint(RawBtf types) {
        this.types = types;
        this.shape = new Shape(types);
    }

    static long of(RawBtf types, int id) {
        LayoutPrint print = new LayoutPrint(types);
        print.add(types.size(id));
        print.members(id, 0, 0);
        return print.hash;
    }

    private void members(int id, long start, int depth) {
        for (int i = 0; i < types.count(id) && depth < DEEPEST; i++) {
            String name = types.partName(id, i);
            int type = types.resolved(types.partType(id, i));
            long offset = start + types.bitOffset(id, i);
            if (!name.isEmpty()) {
                add(name.hashCode());
                add(offset);
                add(shape.size(type));
                add(shape.bits(id, i));
            }
            if (types.kind(type) == Kind.STRUCT || types.kind(type) == Kind.UNION) {
                members(type, offset, depth + 1);
            }
        }
    }

    private void add(long value) {
        hash = (hash ^ value) * 0x100000001b3L;
        hash ^= hash >>> 29;
    }
}
