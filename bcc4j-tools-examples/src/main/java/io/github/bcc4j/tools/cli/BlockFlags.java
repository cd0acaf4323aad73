package io.github.bcc4j.tools.cli;

import java.util.ArrayList;
import java.util.List;

/** What tracepoints of block devices say of a request, such as {@code WSM}, in words. */
public final class BlockFlags {
    private BlockFlags() {}

    /**
     * All of it.
     *
     * @param rwbs letters, as {@code blk_fill_rwbs} of the kernel writes them: an F before the operation is a flush, after it forced unit access
     * @return such as {@code Sync-Metadata-Write}
     */
    public static String text(String rwbs) {
        List<String> words = new ArrayList<>();
        String operation = "Other";
        boolean known = false;
        for (char c : rwbs.toCharArray()) {
            switch (c) {
                case 'F' -> words.add(known ? "ForcedUnitAccess" : "Flush");
                case 'S' -> words.add("Sync");
                case 'M' -> words.add("Metadata");
                case 'A' -> words.add("ReadAhead");
                case 'R', 'W', 'D', 'E', 'N' -> {
                    operation = operation(c);
                    known = true;
                }
                default -> words.add(String.valueOf(c));
            }
        }
        if (!known && words.contains("Flush")) {
            words.remove("Flush");
            operation = "Flush";
        }
        words.add(operation);
        return String.join("-", words);
    }

    private static String operation(char c) {
        return switch (c) {
            case 'R' -> "Read";
            case 'W' -> "Write";
            case 'D' -> "Discard";
            case 'E' -> "SecureErase";
            default -> "Other";
        };
    }

    /**
     * The operation as one letter.
     *
     * @param rwbs as for {@link #text}
     * @return {@code R}, {@code W}, {@code D}, {@code F} for a flush alone, else {@code N}
     */
    public static String letter(String rwbs) {
        return rwbs.chars()
                .filter(c -> "RWD".indexOf(c) >= 0)
                .mapToObj(c -> String.valueOf((char) c))
                .findFirst()
                .orElse(rwbs.startsWith("F") ? "F" : "N");
    }
}
