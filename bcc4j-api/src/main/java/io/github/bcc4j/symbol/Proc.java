package io.github.bcc4j.symbol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of {@code /proc} that may be missing or forbidden. */
final class Proc {
    private Proc() {}

    /** A file's content, empty if it can't be read. */
    static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    static String firstLine(Path file, String otherwise) {
        return text(file).lines().findFirst().orElse(otherwise);
    }
}
