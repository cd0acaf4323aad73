package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The C texts of the tools, kept as files beside their classes so that editors know them as C. */
public final class Programs {
    private Programs() {}

    /**
     * A C text.
     *
     * @param neighbour a class beside it
     * @param file its name
     * @return the text
     */
    public static String read(Class<?> neighbour, String file) {
        try (InputStream in = neighbour.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
