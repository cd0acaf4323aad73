package io.github.bcc4j.btf;

import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where the names of one blob's types are: open addressing, five tables in one. The first type of a name is the one found. */
final class Names {
    static final int RECORD = 1;
    static final int ENUM = 2;
    static final int TYPEDEF = 3;
    static final int FUNC = 4;
    static final int CONSTANT = 5;

    private final RawBtf types;
    private IntBuffer hashes;
    private IntBuffer ids;
    private int size;

    /** A table that was saved. */
    Names(RawBtf types, IntBuffer hashes, IntBuffer ids) {
        this.types = types;
        this.hashes = hashes;
        this.ids = ids;
    }

    Names(RawBtf types) {
        this(types, IntBuffer.allocate(1 << 12), IntBuffer.allocate(1 << 12));
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
        if (size * 2 >= ids.limit()) {
            grow();
        }
        int mask = ids.limit() - 1;
        int i = hash & mask;
        while (ids.get(i) != 0) {
            i = i + 1 & mask;
        }
        hashes.put(i, hash);
        ids.put(i, id);
        size++;
    }

    private void grow() {
        IntBuffer oldHashes = hashes;
        IntBuffer oldIds = ids;
        hashes = IntBuffer.allocate(oldIds.limit() * 4);
        ids = IntBuffer.allocate(oldIds.limit() * 4);
        size = 0;
        for (int i = 0; i < oldIds.limit(); i++) {
            if (oldIds.get(i) != 0) {
                put(oldHashes.get(i), oldIds.get(i));
            }
        }
    }

    void save(Path file, int length, IntBuffer offsets) {
        IndexFile.write(file, length, new IndexFile(offsets, hashes, ids));
    }

    private static int spread(int hash, int what) {
        int mixed = (hash + what) * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    int find(int what, String name) {
        int hash = 0;
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            hash = 31 * hash + b;
        }
        int wanted = spread(hash, what);
        int first = 0;
        int mask = ids.limit() - 1;
        for (int i = wanted & mask; ids.get(i) != 0; i = i + 1 & mask) {
            int id = ids.get(i);
            if (hashes.get(i) == wanted && (first == 0 || id < first) && is(id, what, bytes)) {
                first = id;
            }
        }
        return first;
    }

    private boolean is(int id, int what, byte[] name) {
        boolean kind = switch (types.kind(id)) {
            case STRUCT, UNION -> what == RECORD;
            case ENUM, ENUM64 -> what == ENUM || what == CONSTANT;
            case TYPEDEF -> what == TYPEDEF;
            case FUNC -> what == FUNC;
            default -> false;
        };
        if (kind && what == CONSTANT) {
            return types.hasPart(id, name);
        }
        return kind && types.isText(types.nameOffset(id, -1), name);
    }
}
