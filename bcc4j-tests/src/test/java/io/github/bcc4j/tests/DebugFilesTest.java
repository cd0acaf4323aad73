package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.symbol.ProcessSymbols;
import io.github.bcc4j.symbol.Symbol;
import io.github.bcc4j.symbol.SymbolOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions of a stripped program, whose names are in a file of their own. */
@Tag("native")
@Timeout(60)
class DebugFilesTest {
    private static final String ID = "bc4a0123456789abcdef0123456789abcdef0123";
    private static final String MANGLED = "_ZN4some8functionEii";
    private static final String PROGRAM = """
            #include <stdio.h>
            int function(int a, int b) __asm__("_ZN4some8functionEii"); // as C++ names some::function(int, int)
            __attribute__((noinline)) int function(int a, int b) { return a + b; }
            int main() {
                printf("%lx\\n", (long) function);
                fflush(stdout);
                return getchar();
            }
            """;

    @TempDir
    Path folder;

    /** The program without its names, and the file with them. */
    private Path stripped(Path debug) {
        Path program = CPrograms.compile(folder, "program", PROGRAM, "-Wl,--build-id=0x" + ID);
        Workloads.run("objcopy", "--only-keep-debug", program.toString(), debug.toString());
        Workloads.run("strip", program.toString());
        return program;
    }

    private static void assertNamed(Path program) throws Exception {
        try (SymbolPlacesTest.Waiting process = new SymbolPlacesTest.Waiting(program.toString())) {
            long address = Long.parseUnsignedLong(process.line(), 16);
            try (ProcessSymbols plain = ProcessSymbols.of(process.pid());
                    ProcessSymbols mangled = ProcessSymbols.of(process.pid(), SymbolOptions.DEFAULT.mangled())) {
                assertThat(plain.resolve(address))
                        .contains(new Symbol("some::function(int, int)", 0, program.toString()));
                assertThat(mangled.resolve(address)).contains(new Symbol(MANGLED, 0, program.toString()));
                assertThat(plain.address(program.toString(), MANGLED)).hasValue(address);
            }
        }
    }

    @Test
    @Conforms("test_debuginfo.py TestDebuglink.test_resolve_addr")
    @Conforms("test_debuginfo.py TestDebuglink.test_resolve_name")
    @Conforms("test_c_api.cc resolve symbol name via gnu_debuglink")
    void theFileThatTheProgramNames() throws Exception {
        Path debug = folder.resolve("program.debug");
        Path program = stripped(debug);
        Workloads.run("objcopy", "--add-gnu-debuglink=" + debug, program.toString());
        assertNamed(program);
    }

    @Test
    @Conforms("test_debuginfo.py TestBuildid.test_resolve_addr")
    @Conforms("test_debuginfo.py TestBuildid.test_resolve_name")
    void theFileOfTheProgramsBuildNumber() throws Exception {
        Path debug = Path.of("/usr/lib/debug/.build-id", ID.substring(0, 2), ID.substring(2) + ".debug");
        Files.createDirectories(debug.getParent());
        try {
            assertNamed(stripped(debug));
        } finally {
            Files.deleteIfExists(debug);
        }
    }

    /** Prints the function at an address of a process, in an environment that says where debug files are. */
    static final class Ask {
        private Ask() {}

        public static void main(String[] arguments) {
            try (ProcessSymbols symbols = ProcessSymbols.of(Integer.parseInt(arguments[0]))) {
                System.out.print(symbols.frame(Long.parseLong(arguments[1])).name());
            }
        }
    }

    private static String named(Path program, Map<String, String> environment) throws Exception {
        try (SymbolPlacesTest.Waiting process = new SymbolPlacesTest.Waiting(program.toString())) {
            long address = Long.parseUnsignedLong(process.line(), 16);
            ProcessBuilder ask = new ProcessBuilder(List.of(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Ask.class.getName(),
                            String.valueOf(process.pid()),
                            String.valueOf(address)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            ask.environment().putAll(environment);
            return new String(ask.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    @Conforms("test_c_api.cc resolve symbol name via symfs")
    @Conforms("test_c_api.cc resolve symbol name via buildid")
    void theEnvironmentSaysWhereElseToLook() throws Exception {
        Path debug = folder.resolve("names");
        Path program = stripped(debug);
        assertThat(named(program, Map.of())).isEqualTo("[unknown]");

        Path root = Files.createDirectory(folder.resolve("root"));
        Path byNumber = root.resolve(".build-id").resolve(ID.substring(0, 2)).resolve(ID.substring(2) + ".debug");
        Files.createDirectories(byNumber.getParent());
        Files.copy(debug, byNumber);
        assertThat(named(program, Map.of("BCC_DEBUGINFO_ROOT", root.toString())))
                .isEqualTo("some::function(int, int)");

        Path symfs = Files.createDirectory(folder.resolve("symfs"));
        Path mirrored = symfs.resolve(program.toString().substring(1));
        Files.createDirectories(mirrored.getParent());
        Files.copy(debug, mirrored);
        assertThat(named(program, Map.of("BCC_SYMFS", symfs.toString()))).isEqualTo("some::function(int, int)");
    }
}
