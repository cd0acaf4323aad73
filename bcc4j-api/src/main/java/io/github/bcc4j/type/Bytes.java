package io.github.bcc4j.type;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Codecs for byte strings: as text, or as they lie there. */
final class Bytes {
    private Bytes() {}

    /** Up to the first NUL, in UTF-8; what is no UTF-8 becomes U+FFFD. */
    static Codec<String> text(Spot spot) {
        int size = (int) spot.layout().size();
        return Binder.codec(
                spot.layout(), size == Names.SIZE ? Names::read : (m, o) -> upToNul(m, o, size), (m, o, v) -> {
                    byte[] bytes = v.getBytes(StandardCharsets.UTF_8);
                    if (bytes.length > size) {
                        throw new IllegalArgumentException(
                                spot.where() + ": \"" + v + "\" is longer than " + size + " bytes");
                    }
                    Scalars.writeBytes(m, o, Arrays.copyOf(bytes, size));
                });
    }

    private static String upToNul(MemorySegment memory, long offset, int size) {
        byte[] bytes = Scalars.readBytes(memory, offset, size);
        int end = 0;
        while (end < size && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    static Codec<byte[]> raw(Spot spot) {
        long size = spot.layout().size();
        return Binder.codec(spot.layout(), (m, o) -> Scalars.readBytes(m, o, size), (m, o, v) -> {
            check(v.length, spot);
            Scalars.writeBytes(m, o, v);
        });
    }

    static Codec<MemorySegment> segment(Spot spot) {
        long size = spot.layout().size();
        return Binder.codec(
                spot.layout(), (m, o) -> MemorySegment.ofArray(Scalars.readBytes(m, o, size)), (m, o, v) -> {
                    check(v.byteSize(), spot);
                    MemorySegment.copy(v, 0, m, o, size);
                });
    }

    private static void check(long length, Spot spot) {
        if (length != spot.layout().size()) {
            throw new IllegalArgumentException(spot.where() + ": " + length + " bytes for " + spot.type() + " of "
                    + spot.layout().size());
        }
    }
}
