package io.github.bcc4j.compile;

import java.util.Locale;
import java.util.Objects;

/**
 * Where a module comes from, and why from there.
 *
 * @param kind compiled now, or kept from before
 * @param detail in words: the file it was kept in, or why it had to be compiled and whether it is kept now
 */
public record Origin(Kind kind, String detail) {
    /** The origins there are. */
    public enum Kind {
        /** LLVM made it just now. */
        COMPILED,
        /** The compile cache had it. */
        CACHED,
        /** It was read from a file or from bytes that the program kept itself. */
        STORED
    }

    /** Checks the parts. */
    public Origin {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(detail, "detail");
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " (" + detail + ")";
    }
}
