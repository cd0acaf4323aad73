package io.github.bcc4j.viz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Numbers and texts as few bytes, for a page's script: LEB128 and UTF-8. */
final class Packed {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A number that is not negative; scripts know those up to 2^53 exactly. */
    Packed number(long value) {
        long left = value;
        for (; left > 0x7f; left >>>= 7) {
            bytes.write((int) left & 0x7f | 0x80);
        }
        bytes.write((int) left);
        return this;
    }

    Packed text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
