package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.symbol.FoldedStacks.Style;
import io.github.bcc4j.symbol.Frame.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StacksTest {
    private static final List<Frame> STACK = List.of(
            new Frame(Kind.KERNEL, 0xffffffff81000010L, "vfs_read", 0x10, ""),
            new Frame(Kind.KERNEL, 0xffffffff81000100L, "do_syscall_64", 0, ""),
            new Frame(Kind.JIT, 0x7f0000000010L, "int App.read(java.lang.String)", 0x10, "/tmp/perf-7.map"),
            new Frame(Kind.USER, 0x55, "[unknown]", 0x55, "/bin/app"),
            new Frame(Kind.USER, 0x5500, "main;\nroot 9", 1, "/bin/app"));

    @TempDir
    private Path folder;

    private static String folded(Style... styles) {
        FoldedStacks stacks = new FoldedStacks(styles);
        stacks.add("app", STACK, 2);
        return stacks.toString();
    }

    @Test
    void stacksAreFoldedOutermostFirst() {
        assertThat(folded())
                .isEqualTo("app;main:?root 9;[unknown];int App.read(java.lang.String);do_syscall_64;vfs_read 2\n");
        assertThat(folded(Style.DELIMITER, Style.ANNOTATIONS))
                .isEqualTo("app;main:?root 9;[unknown];int App.read(java.lang.String)_[j];-;do_syscall_64_[k];"
                        + "vfs_read_[k] 2\n");
        assertThat(folded(Style.OFFSETS))
                .isEqualTo("app;main:?root 9+0x1;[unknown];int App.read(java.lang.String)+0x10;do_syscall_64+0x0;"
                        + "vfs_read+0x10 2\n");
    }

    @Test
    void stacksOfEqualNamesAreOneLine() {
        FoldedStacks stacks = new FoldedStacks(Style.DELIMITER);
        stacks.add("", STACK.subList(0, 1), 1);
        stacks.add("", List.of(new Frame(Kind.KERNEL, 0xffffffff81000018L, "vfs_read", 0x18, "")), 4);
        stacks.add("idle", List.of(), 1);
        assertThat(stacks.counts()).isEqualTo(Map.of("-;vfs_read", 5L, "idle", 1L));
        assertThat(stacks).hasToString("-;vfs_read 5\nidle 1\n");
    }

    @Test
    void aWholeStackIsNamedAndAZeroEndsEachPart() throws Exception {
        Path file = Program.compile(folder.resolve("plain"), """
                #include <stdio.h>
                static void here(void) { __asm__ volatile("nop;nop"); }
                int main() { printf("%lx\\n", (long)here); fflush(stdout); return getchar(); }
                """);
        try (Program program = new Program(List.of(file.toString()));
                StackResolver stacks = new StackResolver()) {
            long at = program.addresses()[0];
            long read = KernelSymbols.current().address("vfs_read").orElseThrow();
            List<Frame> frames = stacks.resolve(new long[] {read + 4, 1, 0, 77}, new long[] {at + 1, 0}, program.pid());
            assertThat(frames)
                    .containsExactly(
                            new Frame(Kind.KERNEL, read + 4, "vfs_read", 4, ""),
                            new Frame(Kind.KERNEL, 1, "[unknown]", 1, ""),
                            new Frame(Kind.USER, at + 1, "here", 1, file.toString()));
            assertThat(stacks.user(new long[0], program.pid())).isEmpty();
            assertThat(stacks.user(new long[] {0x123456}, Integer.MAX_VALUE))
                    .as("no such process")
                    .containsExactly(new Frame(Kind.USER, 0x123456, "[unknown]", 0x123456, ""));
            assertThat(stacks.user(new long[] {0x123456}, 0)).hasToString("[[unknown] 0x123456]");
        }
    }

    @Test
    void onlyTheProcessesAskedForLastAreKept() throws Exception {
        Path file = Program.compile(folder.resolve("plain"), """
                #include <stdio.h>
                int main() { printf("%lx\\n", (long)main); fflush(stdout); return getchar(); }
                """);
        StackResolver stacks = new StackResolver(SymbolOptions.DEFAULT, 1);
        try (stacks;
                Program first = new Program(List.of(file.toString()));
                Program second = new Program(List.of(file.toString()))) {
            long[] one = first.addresses();
            long[] two = second.addresses();
            assertThat(stacks.user(one, first.pid()).getFirst().name()).isEqualTo("main");
            first.end();
            assertThat(stacks.user(one, first.pid()).getFirst().name())
                    .as("kept")
                    .isEqualTo("main");
            assertThat(stacks.user(two, second.pid()).getFirst().name()).isEqualTo("main");
            assertThat(stacks.user(one, first.pid()).getFirst().name())
                    .as("let go")
                    .isEqualTo("[unknown]");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> stacks.user(new long[] {1}, 1))
                .withMessage("this StackResolver is closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StackResolver(SymbolOptions.DEFAULT, 0))
                .withMessage("at least one process must be kept, not 0");
    }

    @Test
    void placesOfFilesAreNamedByBuildId() throws Exception {
        String source = "void inner(void) { __asm__ volatile(\"nop\"); } int main() { inner(); return 0; }";
        for (String linked : List.of("-no-pie", "-pie")) {
            Path file = Program.compile(folder.resolve("built" + linked), source, linked, "-Wl,--build-id=sha1");
            BuildIdSymbols symbols = new BuildIdSymbols();
            String id = symbols.add(file);
            assertThat(id).matches("[0-9a-f]{40}");
            long inner = fileOffset(file, "inner");
            assertThat(symbols.resolve(id, inner)).contains(new Symbol("inner", 0, file.toString()));
            assertThat(symbols.resolve(id, 1 << 30)).isEmpty();
            assertThat(symbols.resolve("00", inner)).isEmpty();
        }
        Path without = Program.compile(folder.resolve("without"), source, "-Wl,--build-id=none");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> new BuildIdSymbols().add(without))
                .withMessage(
                        without + " has no build-id" + System.lineSeparator() + "  hint: link it with -Wl,--build-id");
        Path text = Files.writeString(folder.resolve("text"), "no program");
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> new BuildIdSymbols().add(text))
                .withMessage(text + ": not an ELF file");
    }

    /** As nm and readelf tell: the symbol's address less the segment's address, plus its offset. */
    private static long fileOffset(Path file, String symbol) throws Exception {
        long address = Long.parseUnsignedLong(
                output("nm", file.toString())
                        .lines()
                        .filter(l -> l.endsWith(" " + symbol))
                        .findFirst()
                        .orElseThrow()
                        .split(" ")[0],
                16);
        for (String line : output("readelf", "-lW", file.toString()).lines().toList()) {
            String[] f = line.strip().split(" +"); // LOAD offset virtual physical filesize ...
            if (f[0].equals("LOAD")) {
                long start = Long.decode(f[2]);
                if (address >= start && address < start + Long.decode(f[4])) {
                    return address - start + Long.decode(f[1]);
                }
            }
        }
        throw new AssertionError(symbol + " is in no segment");
    }

    private static String output(String... command) throws Exception {
        return new String(new ProcessBuilder(command).start().getInputStream().readAllBytes());
    }

    @Test
    void namesAreDemangled() {
        assertThat(Demangler.demangle("_ZN2ns1fEi")).isEqualTo("ns::f(int)");
        assertThat(Demangler.demangle("_ZN4core3fmt5write17h0123456789abcdefE"))
                .isEqualTo("core::fmt::write::h0123456789abcdef");
        assertThat(Demangler.demangle("vfs_read")).isEqualTo("vfs_read");
        assertThat(Demangler.demangle("_Z")).isEqualTo("_Z");
        assertThat(Demangler.demangle("_Znonsense")).isEqualTo("_Znonsense");
        assertThat(Demangler.demangle("")).isEmpty();
    }
}
