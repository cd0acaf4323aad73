package io.github.bcc4j.btf;

import java.nio.charset.StandardCharsets;

/** Where the names of one blob's types are: open addressing, five tables in one. The first type of a name is the one found. */
final class Names {
    static final int RECORD = 1;
    static final int ENUM = 2;
    static final int TYPEDEF = 3;
    static final int FUNC = 4;
    static final int CONSTANT = 5;

    private final RawBtf types;
    private int[] hashes = new int[1 << 12];
    private int[] ids = new int[1 << 12];
    private int size;

    Names(RawBtf types) {
        this.types = types;
        for (int id = types.start(); id < types.end(); id++) {
            switch (types.kind(id)) {
                case STRUCT, UNION -> put(RECORD, id, -1);
                case ENUM, ENUM64 -> {
                    put(ENUM, id, -1);
                    int count = types.count(id);
                    for (int i = 0; i < count; i++) {
                        put(CONSTANT, id, i);
                    }
                }
                case TYPEDEF -> put(TYPEDEF, id, -1);
                case FUNC -> put(FUNC, id, -1);
                default -> {}
            }
        }
    }

    private void put(int what, int id, int part) {
        int hash = types.hash(types.nameOffset(id, part));
        if (hash != 0) {
            put(spread(hash, what), id);
        }
    }

    private void put(int hash, int id) {
        if (size * 2 >= ids.length) {
            grow();
        }
        int i = hash & ids.length - 1;
        while (ids[i] != 0) {
            i = i + 1 & ids.length - 1;
        }
        hashes[i] = hash;
        ids[i] = id;
        size++;
    }

    private void grow() {
        int[] oldHashes = hashes;
        int[] oldIds = ids;
        hashes = new int[oldIds.length * 4];
        ids = new int[oldIds.length * 4];
        size = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldIds[i] != 0) {
                put(oldHashes[i], oldIds[i]);
            }
        }
    }

    private static int spread(int hash, int what) {
        int mixed = (hash + what) * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    int find(int what, String name) {
        int hash = 0;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = 31 * hash + b;
        }
        int wanted = spread(hash, what);
        int first = 0;
        for (int i = wanted & ids.length - 1; ids[i] != 0; i = i + 1 & ids.length - 1) {
            if (hashes[i] == wanted && (first == 0 || ids[i] < first) && is(ids[i], what, name)) {
                first = ids[i];
            }
        }
        return first;
    }

    private boolean is(int id, int what, String name) {
        boolean kind = switch (types.kind(id)) {
            case STRUCT, UNION -> what == RECORD;
            case ENUM, ENUM64 -> what == ENUM || what == CONSTANT;
            case TYPEDEF -> what == TYPEDEF;
            case FUNC -> what == FUNC;
            default -> false;
        };
        if (kind && what == CONSTANT) {
            for (int i = 0; i < types.count(id); i++) {
                if (types.partName(id, i).equals(name)) {
                    return true;
                }
            }
            return false;
        }
        return kind && types.name(id).equals(name);
    }
}
