package io.github.bcc4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs and libraries to be probed, compiled by gcc for the test that needs them. */
final class CPrograms {
    private CPrograms() {}

    /** Calls {@code work(i, 2 * i)} as often as its first argument says; that gives three times i. */
    static final String WORK = """
            #include <stdlib.h>
            __attribute__((noinline)) long work(long a, long b) { __asm__ volatile(""); return a + b; }
            __attribute__((noinline)) long rest(long a) { __asm__ volatile(""); return a; }
            int main(int argc, char **argv) {
                int n = atoi(argv[1]);
                for (long i = 0; i < n; i++)
                    if (work(i, 2 * i) != rest(3 * i)) return 1;
                return 0;
            }
            """;

    /** Compiles a text into a file of a folder. */
    static Path compile(Path folder, String name, String source, String... flags) {
        try {
            Path text = Files.writeString(folder.resolve(name + ".c"), source);
            Path binary = folder.resolve(name);
            List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-o", binary.toString(), text.toString()));
            command.addAll(List.of(flags));
            Workloads.run(command.toArray(String[]::new));
            return binary;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
