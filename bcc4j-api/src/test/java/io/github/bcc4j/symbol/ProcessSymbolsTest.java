package io.github.bcc4j.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.symbol.Frame.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ProcessSymbolsTest {
    private static final String PLAIN = """
            #include <stdio.h>
            __attribute__((noinline)) static void quiet(void) { __asm__ volatile("nop;nop;nop"); }
            __attribute__((noinline)) void loud(void) { quiet(); __asm__ volatile("nop"); }
            int main() {
                loud();
                printf("%lx %lx %lx\\n", (long)quiet, (long)loud, (long)main);
                fflush(stdout);
                return getchar();
            }
            """;

    private static final String LATER = """
            #include <stdio.h>
            #include <dlfcn.h>
            int main(int count, char **arguments) {
                puts("ready");
                fflush(stdout);
                getchar();
                printf("%lx\\n", (long)dlsym(dlopen(arguments[1], RTLD_NOW), "plugged"));
                fflush(stdout);
                getchar();
                return getchar();
            }
            """;

    private static final String PLUS = """
            #include <cstdio>
            namespace shop { struct Till { __attribute__((noinline)) static int add(int a, const char *) { __asm__ volatile(""); return a; } }; }
            int main() {
                std::printf("%lx\\n", (long)&shop::Till::add);
                std::fflush(stdout);
                return std::getchar();
            }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-pie", "-no-pie", "-static"})
    void functionsOfAnExecutableAreNamed(String linked) throws Exception {
        Path file =
                Program.compile(folder.resolve("plain"), PLAIN, linked, linked.equals("-pie") ? "-fPIE" : "-fno-pie");
        try (Program program = new Program(List.of(file.toString()));
                ProcessSymbols symbols = ProcessSymbols.of(program.pid())) {
            long[] at = program.addresses();
            symbols.refresh();
            assertThat(symbols.frame(at[0] + 2))
                    .isEqualTo(new Frame(Kind.USER, at[0] + 2, "quiet", 2, file.toString()))
                    .hasToString("quiet+0x2 [" + file + "]");
            assertThat(symbols.resolve(at[1])).contains(new Symbol("loud", 0, file.toString()));
            assertThat(symbols.resolve(at[2] + 1)).contains(new Symbol("main", 1, file.toString()));
            assertThat(symbols.frame(16))
                    .isEqualTo(new Frame(Kind.USER, 16, "[unknown]", 16, ""))
                    .hasToString("[unknown] 0x10");
            assertThat(symbols.resolve(16)).isEmpty();
            assertThat(symbols.address(file.toString(), "loud")).hasValue(at[1]);
            assertThat(symbols.address(file.toString(), "nosuch")).isEmpty();
            assertThat(symbols.address("/no/such/file", "loud")).isEmpty();
        }
    }

    @Test
    void strippedFunctionsAreNamedByTheirDebugFile() throws Exception {
        Path file = Program.compile(folder.resolve("plain"), PLAIN, "-g");
        Path debug = folder.resolve("plain.debug");
        Program.run("objcopy", "--only-keep-debug", file.toString(), debug.toString());
        Program.run("strip", "-s", file.toString());
        Program.run("objcopy", "--add-gnu-debuglink=" + debug, file.toString());
        try (Program program = new Program(List.of(file.toString()))) {
            long[] at = program.addresses();
            try (ProcessSymbols symbols = ProcessSymbols.of(program.pid());
                    ProcessSymbols without = ProcessSymbols.of(program.pid(), new SymbolOptions(true, false, false))) {
                assertThat(symbols.resolve(at[0])).contains(new Symbol("quiet", 0, file.toString()));
                assertThat(without.frame(at[0]))
                        .isEqualTo(new Frame(Kind.USER, at[0], "[unknown]", at[0], file.toString()))
                        .hasToString("[unknown] 0x" + Long.toHexString(at[0]) + " [" + file + "]");
            }
            Files.write(debug, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
            try (ProcessSymbols symbols = ProcessSymbols.of(program.pid(), new SymbolOptions(true, true, true))) {
                assertThat(symbols.resolve(at[0]))
                        .as("its checksum is wrong now")
                        .isEmpty();
            }
        }
    }

    @Test
    void namesOfCPlusPlusAreShownAsInTheSource() throws Exception {
        Path file = Program.compile(folder.resolve("plus"), PLUS, "-xc++");
        try (Program program = new Program(List.of(file.toString()))) {
            long at = program.addresses()[0];
            try (ProcessSymbols symbols = ProcessSymbols.of(program.pid());
                    ProcessSymbols mangled = ProcessSymbols.of(program.pid(), SymbolOptions.DEFAULT.mangled())) {
                assertThat(symbols.frame(at).name()).isEqualTo("shop::Till::add(int, char const*)");
                assertThat(mangled.frame(at).name()).isEqualTo("_ZN4shop4Till3addEiPKc");
                assertThat(symbols.address(file.toString(), "_ZN4shop4Till3addEiPKc"))
                        .hasValue(at);
            }
        }
    }

    @Test
    void aLibraryThatIsLoadedLaterIsNoticed() throws Exception {
        Path library = Program.compile(
                folder.resolve("libplug.so"), "void plugged(void) { __asm__ volatile(\"nop\"); }", "-shared", "-fPIC");
        Path file = Program.compile(folder.resolve("later"), LATER);
        try (Program program = new Program(List.of(file.toString(), library.toString()))) {
            assertThat(program.line()).isEqualTo("ready");
            try (ProcessSymbols symbols = ProcessSymbols.of(program.pid())) {
                program.say("");
                long at = program.addresses()[0];
                symbols.refresh();
                assertThat(symbols.resolve(at)).contains(new Symbol("plugged", 0, library.toString()));
            }
        }
    }

    @Test
    void anEndedProcessIsStillAnswered() throws Exception {
        Path file = Program.compile(folder.resolve("plain"), PLAIN);
        Program program = new Program(List.of(file.toString()));
        long[] at = program.addresses();
        ProcessSymbols kept;
        try (ProcessSymbols symbols = ProcessSymbols.of(program.pid())) {
            program.end();
            Files.delete(file);
            symbols.refresh();
            assertThat(symbols.resolve(at[0])).contains(new Symbol("quiet", 0, file.toString()));
            assertThatExceptionOfType(BpfException.class)
                    .isThrownBy(() -> ProcessSymbols.of(program.pid()))
                    .withMessage("there is no process " + program.pid());
            kept = symbols;
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> kept.frame(at[0]))
                .withMessage("the symbols of process " + program.pid() + " are closed");
    }

    @Test
    void numbersOfNoProcessAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessSymbols.of(0))
                .withMessage("no process has the number 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProcessSymbols.of(-1))
                .withMessage("no process has the number -1");
    }

    @Test
    void thisProcessHasAVdsoAndLibraries() throws Exception {
        try (ProcessSymbols symbols =
                ProcessSymbols.of((int) ProcessHandle.current().pid())) {
            String vdso = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(l -> l.endsWith("[vdso]"))
                    .findFirst()
                    .orElseThrow();
            long start = Long.parseUnsignedLong(vdso, 0, vdso.indexOf('-'), 16);
            long end = Long.parseUnsignedLong(vdso, vdso.indexOf('-') + 1, vdso.indexOf(' '), 16);
            List<String> found = Stream.iterate(start, a -> a < end, a -> a + 16)
                    .map(symbols::frame)
                    .filter(f -> f.module().equals("[vdso]"))
                    .map(Frame::name)
                    .toList();
            assertThat(found).contains("__vdso_clock_gettime", "__vdso_getcpu");
        }
    }

    @Test
    void manyThreadsMayAskWhileItIsClosed() throws Exception {
        Path file = Program.compile(folder.resolve("plain"), PLAIN);
        try (Program program = new Program(List.of(file.toString()));
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            long[] at = program.addresses();
            ProcessSymbols symbols = ProcessSymbols.of(program.pid());
            AtomicInteger named = new AtomicInteger();
            Callable<Frame> ask = () -> {
                try {
                    while (true) {
                        Frame frame = symbols.frame(at[1] + named.get() % 3);
                        if (!frame.name().equals("loud")) {
                            return frame;
                        }
                        if (named.incrementAndGet() == 10_000) {
                            symbols.close();
                        }
                        symbols.address(file.toString(), "loud");
                    }
                } catch (IllegalStateException closed) {
                    return null;
                }
            };
            for (Future<Frame> f : threads.invokeAll(Collections.nCopies(8, ask))) {
                assertThat(f.get()).isNull();
            }
            assertThat(named).hasValueGreaterThanOrEqualTo(10_000);
        }
    }

    @Test
    @Tag("native")
    void aProcessOfAContainerIsNamedByItsOwnFiles() throws Exception {
        Path inside = Files.createDirectories(folder.resolve("inside"));
        Path file = Program.compile(folder.resolve("plain"), PLAIN, "-static");
        Path map = inside.resolve("perf-1.map");
        Files.copy(file, inside.resolve("shown"));
        // in a mount and a process namespace of its own, where the folder is /tmp
        try (Program program = new Program(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                "mount --bind " + inside + " /tmp && exec /tmp/shown"))) {
            long[] at = program.addresses();
            int pid = Math.toIntExact(ProcessHandle.of(program.pid())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid());
            try (ProcessSymbols symbols = ProcessSymbols.of(pid)) {
                assertThat(symbols.resolve(at[0] + 1)).contains(new Symbol("quiet", 1, "/tmp/shown"));
                Files.writeString(map, "5000 20 compiled by hand\n");
                symbols.refresh();
                assertThat(symbols.frame(0x5010))
                        .isEqualTo(new Frame(Kind.JIT, 0x5010, "compiled by hand", 16, "/tmp/perf-1.map"));
            }
        }
    }

    @Test
    @Tag("native")
    void aProcessThatMayNotBeLookedAtSaysSo() throws Exception {
        Path classes = Path.of("target/classes").toAbsolutePath();
        Path ffm = Path.of("../bcc4j-ffm/target/classes").toAbsolutePath();
        Path tests = Path.of("target/test-classes").toAbsolutePath();
        Process nobody = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        classes + ":" + ffm + ":" + tests,
                        Ask.class.getName(),
                        "1")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(nobody.getInputStream().readAllBytes()))
                .isEqualTo("may not look at the memory map of process 1" + System.lineSeparator()
                        + "  hint: be its user, or root, or have CAP_SYS_PTRACE\n");
    }

    /** Run as another user. */
    static final class Ask {
        public static void main(String[] arguments) {
            try {
                ProcessSymbols.of(Integer.parseInt(arguments[0]));
            } catch (BpfException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
