package io.github.bcc4j.attach;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The dynamic linker's list of libraries, {@code ld.so.cache}. Source: glibc's {@code dl-cache.h}. */
final class LibraryCache {
    private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 48;
    private static final int ENTRY = 24;

    private LibraryCache() {}

    /** A library: the name that programs ask for, and its file. */
    record Entry(String name, String path) {}

    /** The libraries of a root folder, in the linker's order; none if it has no such list or one that can't be read. */
    static List<Entry> read(Path root) {
        try {
            return parse(Files.readAllBytes(root.resolve("etc/ld.so.cache")));
        } catch (IOException | IndexOutOfBoundsException | BufferUnderflowException e) {
            return List.of();
        }
    }

    static List<Entry> parse(byte[] file) {
        int start = new String(file, StandardCharsets.ISO_8859_1).indexOf(new String(MAGIC, StandardCharsets.US_ASCII));
        if (start < 0) {
            return List.of();
        }
        ByteBuffer b = ByteBuffer.wrap(file, start, file.length - start).slice().order(ByteOrder.LITTLE_ENDIAN);
        int count = b.getInt(MAGIC.length);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count && HEADER + (i + 1) * ENTRY <= b.limit(); i++) {
            int at = HEADER + i * ENTRY;
            entries.add(new Entry(string(b, b.getInt(at + 4)), string(b, b.getInt(at + 8))));
        }
        return entries;
    }

    private static String string(ByteBuffer b, int at) {
        int end = at;
        while (b.get(end) != 0) {
            end++;
        }
        return new String(b.array(), b.arrayOffset() + at, end - at, StandardCharsets.UTF_8);
    }
}
