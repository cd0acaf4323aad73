package io.github.bcc4j.ffm;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A native library's file.
 *
 * @param name {@code libbcc}, {@code libbcc_bpf} or {@code libbpf}
 * @param path the file, symbolic links resolved
 * @param version its version, empty if the file's name does not tell it
 */
public record LibraryFile(String name, Path path, Optional<LibraryVersion> version) {
    /** Returns {@code libbcc 0.26.0 (/usr/lib/x86_64-linux-gnu/libbcc.so.0.26.0)}. */
    @Override
    public String toString() {
        return name + version.map(v -> " " + v).orElse("") + " (" + path + ")";
    }
}
