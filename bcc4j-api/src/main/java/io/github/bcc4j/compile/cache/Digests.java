package io.github.bcc4j.compile.cache;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * Tells whether something changed: two checksums over parts, each with its length. No seal against somebody who means harm: who can write
 * what a compile reads has it compiled as he likes anyway.
 */
public final class Digests {
    private final CRC32 crc = new CRC32();
    private final CRC32C castagnoli = new CRC32C();
    private long length;

    /** Of no parts so far. */
    public Digests() {}

    /**
     * Adds a part.
     *
     * @param part any bytes
     * @return this
     */
    public Digests add(byte[] part) {
        byte[] size = (part.length + ":").getBytes(StandardCharsets.US_ASCII);
        crc.update(size);
        crc.update(part);
        castagnoli.update(size);
        castagnoli.update(part);
        length += part.length;
        return this;
    }

    /**
     * Adds a part.
     *
     * @param part any text
     * @return this
     */
    public Digests add(String part) {
        return add(part.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Ends it.
     *
     * @return hexadecimal digits, and the length of all parts
     */
    public String hex() {
        return HexFormat.of().toHexDigits(crc.getValue() << 32 | castagnoli.getValue()) + "-" + length;
    }
}
