package io.github.bcc4j.compile.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over several parts: each goes with its length, so that no two lists of parts have the same digest. */
public final class Digests {
    private final MessageDigest digest;

    /** Of no parts so far. */
    public Digests() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    /**
     * Adds a part.
     *
     * @param part any bytes
     * @return this
     */
    public Digests add(byte[] part) {
        for (int i = 0; i < 4; i++) {
            digest.update((byte) (part.length >>> 8 * i));
        }
        digest.update(part);
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
     * @return hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
