package io.github.bcc4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs and libraries to be probed, compiled by gcc for the test that needs them. */
public final class CPrograms {
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

    /**
     * A macro that puts a static probe here: a nop, and the note that describes it. Operands are written as in inline assembly.
     */
    static final String PROBE = """
            __asm__(".pushsection .stapsdt.base,\\"aG\\",\\"progbits\\",.stapsdt.base,comdat\\n"
                    ".weak _.stapsdt.base\\n.hidden _.stapsdt.base\\n"
                    "_.stapsdt.base: .space 1\\n.size _.stapsdt.base, 1\\n.popsection");
            #define NOTE(provider, name, semaphore, arguments) \\
                    "990: nop\\n.pushsection .note.stapsdt,\\"\\",\\"note\\"\\n.balign 4\\n" \\
                    ".4byte 992f-991f, 994f-993f, 3\\n991: .asciz \\"stapsdt\\"\\n992: .balign 4\\n" \\
                    "993: .8byte 990b, _.stapsdt.base, " semaphore "\\n.asciz \\"" provider "\\"\\n" \\
                    ".asciz \\"" name "\\"\\n.asciz \\"" arguments "\\"\\n994: .balign 4\\n.popsection\\n"
            #define PROBE(name, arguments, ...) \\
                    __asm__ volatile(NOTE("bcc4j", name, "0", arguments) : : __VA_ARGS__)
            #define PROBE_IF(name, arguments, ...) \\
                    __asm__ volatile(NOTE("bcc4j", name, "bcc4j_" name "_semaphore", arguments) : : __VA_ARGS__)
            """;

    /** Compiles a text into a file of a folder. */
    public static Path compile(Path folder, String name, String source, String... flags) {
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
