package io.github.bcc4j.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * System calls by number, of 64-bit processes on this machine's architecture (x86-64 or AArch64), up to those of Linux 6.18. Numbers
 * never change meaning; which calls a kernel has is another question. Immutable and thread-safe.
 */
public final class Syscalls {
    private Syscalls() {}

    /** Read when first asked for. */
    private static final class Table {
        private static final SortedMap<Integer, String> NAMES =
                read(System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64");
        private static final Map<String, Integer> NUMBERS = new HashMap<>();

        static {
            NAMES.forEach((number, name) -> NUMBERS.put(name, number));
        }
    }

    static SortedMap<Integer, String> read(String architecture) {
        String file = "syscalls-" + architecture + ".txt";
        SortedMap<Integer, String> names = new TreeMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Syscalls.class.getResourceAsStream(file), StandardCharsets.US_ASCII))) {
            in.lines().map(l -> l.split(" ")).forEach(p -> names.put(Integer.valueOf(p[0]), p[1]));
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
        return Collections.unmodifiableSortedMap(names);
    }

    /**
     * The name of a system call.
     *
     * @param number as {@code raw_syscalls:sys_enter} tells it
     * @return {@code openat}; empty for a number that has none
     */
    public static Optional<String> name(int number) {
        return Optional.ofNullable(Table.NAMES.get(number));
    }

    /**
     * The number of a system call.
     *
     * @param name {@code openat}
     * @return its number; empty if this architecture has no such call
     */
    public static OptionalInt number(String name) {
        Integer number = Table.NUMBERS.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /**
     * All of them.
     *
     * @return names by number
     */
    public static SortedMap<Integer, String> all() {
        return Table.NAMES;
    }
}
