package io.github.bcc4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files of this module: the BPF programs, which all languages share, and the other languages' sides. */
public final class Texts {
    private Texts() {}

    /**
     * A BPF program.
     *
     * @param name its file without the ending
     * @return its text
     */
    public static String bpf(String name) {
        return read("bpf/" + name + ".c");
    }

    static String read(String file) {
        try (InputStream in = Texts.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
