package io.github.bcc4j.symbol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The programming language a process is written in, or its interpreter's. */
public enum Language {
    /** A Java virtual machine. */
    JAVA,
    /** Node.js. */
    NODE,
    /** Perl. */
    PERL,
    /** PHP. */
    PHP,
    /** Python. */
    PYTHON,
    /** Ruby. */
    RUBY,
    /** None of the others, but there is a C library: C, C++, Rust and more. */
    C;

    /**
     * Guesses by the name of a process's executable ({@code /usr/bin/python3.11}), then by those of the libraries it has mapped ({@code
     * libperl.so.5.36}).
     *
     * @param pid a process whose {@code exe} and {@code maps} in {@code /proc} may be read
     * @return empty if nothing tells, or there is no such process, or it may not be looked at
     */
    public static Optional<Language> of(long pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        return of(executable(process), Proc.text(process.resolve("maps")));
    }

    private static String executable(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("exe")).toString();
        } catch (IOException e) {
            return "";
        }
    }

    static Optional<Language> of(String executable, String maps) {
        String name = fileName(executable);
        for (Language language : values()) {
            if (language != C && name.contains(language.word())) {
                return Optional.of(language);
            }
        }
        Optional<Language> found = Optional.empty();
        for (String line : (Iterable<String>) maps.lines()::iterator) {
            String library = fileName(line);
            for (Language language : values()) {
                if (language == C) {
                    found = library.matches("libc[.-].*") ? Optional.of(C) : found;
                } else if (library.startsWith("lib" + language.word())) {
                    return Optional.of(language);
                }
            }
        }
        return found;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
