package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.attach.Binaries;
import io.github.bcc4j.symbol.Frame;
import io.github.bcc4j.symbol.ProcessSymbols;
import io.github.bcc4j.symbol.Symbol;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names of functions, wherever their files and processes are. */
@Tag("native")
@Timeout(60)
class SymbolPlacesTest {
    @TempDir
    Path folder;

    @Test
    @Conforms("test_c_api.cc shared object resolution with the generalized function")
    @Conforms("test_c_api.cc shared object resolution using loaded libraries")
    @Conforms("test_c_api.cc shared object resolution using loaded libraries with the generalized function")
    @Conforms("test_c_api.cc versioned shared object resolution with the generalized function")
    @Conforms("test_c_api.cc versioned shared object resolution using loaded libraries")
    @Conforms("test_c_api.cc versioned shared object resolution using loaded libraries with the generalized function")
    @Conforms("test_c_api.cc binary resolution with `which`")
    void librariesAndCommandsAreFoundByName() {
        int self = (int) ProcessHandle.current().pid();
        assertThat(Binaries.find("m").toString()).startsWith("/").contains("libm.so");
        assertThat(Binaries.find("jvm", self).toString()).endsWith("/lib/server/libjvm.so");
        for (String name : new String[] {"c", "c.so.6", "libc.so.6"}) {
            assertThat(Binaries.find(name).toString()).startsWith("/").endsWith("/libc.so.6");
            assertThat(Binaries.find(name, self).toString())
                    .startsWith("/proc/" + self + "/root/")
                    .endsWith("/libc.so.6");
        }
        assertThat(Binaries.find("ld")).isAbsolute().hasFileName("ld");
    }

    @Test
    @Conforms("test_c_api.cc resolve symbol name in external library")
    @Conforms("test_c_api.cc resolve symbol name in external library using loaded libraries")
    @Conforms("test_c_api.cc resolve symbol addresses for a given PID / resolve in libc")
    @Conforms("test_c_api.cc resolve symbol addresses for a given PID / resolve in libbcc")
    @Conforms("test_c_api.cc resolve global addr in libc in this process")
    void functionsOfTheLibrariesOfThisProcessAreWhereTheLinkerSays() {
        int self = (int) ProcessHandle.current().pid();
        try (Arena arena = Arena.ofConfined();
                ProcessSymbols symbols = ProcessSymbols.of(self)) {
            SymbolLookup libbcc = SymbolLookup.libraryLookup("libbcc_bpf.so.0", arena);
            symbols.refresh();
            long resolve = libbcc.find("bcc_resolve_symname").orElseThrow().address();
            Symbol found = symbols.resolve(resolve).orElseThrow();
            assertThat(found.name()).isEqualTo("bcc_resolve_symname");
            assertThat(found.offset()).isZero();
            assertThat(found.module()).contains("libbcc_bpf.so");
            assertThat(symbols.address(found.module(), "bcc_resolve_symname")).hasValue(resolve);
            assertThat(Binaries.functions(found.module(), Pattern.compile("bcc_resolve_symname")))
                    .singleElement()
                    .satisfies(f -> assertThat(f.fileOffset()).isPositive());

            long atoi = Linker.nativeLinker()
                    .defaultLookup()
                    .find("atoi")
                    .orElseThrow()
                    .address();
            Symbol ofLibc = symbols.resolve(atoi).orElseThrow();
            assertThat(ofLibc.name()).isEqualTo("atoi");
            assertThat(ofLibc.module()).startsWith("/").endsWith("/libc.so.6");
            assertThat(symbols.address(ofLibc.module(), "atoi")).hasValue(atoi);
            assertThat(Binaries.functions("c", Pattern.compile("malloc")))
                    .singleElement()
                    .satisfies(f -> assertThat(f.fileOffset()).isPositive());
        }
    }

    private static final String MOVED = """
            #include <stdio.h>
            #include <dlfcn.h>
            int main(int count, char **arguments) {
                printf("%lx\\n", (long) dlsym(dlopen(arguments[1], RTLD_NOW), "moved"));
                fflush(stdout);
                getchar();
                return 0;
            }
            """;

    @Test
    @Conforms("test_c_api.cc conversion of module offset to/from global_addr")
    void aLibraryWhoseAddressesAreNotItsOffsets() throws Exception {
        Path library = CPrograms.compile(
                folder,
                "libmoved.so",
                "long before; void moved(void) { before++; }",
                "-shared",
                "-fPIC",
                "-Wl,-Ttext-segment=0x2000000",
                "-Wl,-z,separate-code");
        Path program = CPrograms.compile(folder, "loader", MOVED);
        try (Waiting process = new Waiting(program.toString(), library.toString())) {
            long address = Long.parseUnsignedLong(process.line(), 16);
            try (ProcessSymbols symbols = ProcessSymbols.of(process.pid())) {
                assertThat(symbols.address(library.toString(), "moved")).hasValue(address);
                assertThat(symbols.resolve(address + 1)).contains(new Symbol("moved", 1, library.toString()));
            }
        }
    }

    /** A program that prints where a function of its is, and waits. */
    private static final String SHOWN = """
            #include <stdio.h>
            __attribute__((noinline)) void shown(void) { __asm__ volatile("nop; nop"); }
            int main() {
                printf("%lx\\n", (long) shown);
                fflush(stdout);
                return getchar();
            }
            """;

    @Test
    @Conforms("test_c_api.cc resolve symbol addresses for an exited process / resolve in separate pid namespace")
    @Conforms(
            "test_c_api.cc resolve symbol addresses for an exited process / resolve in separate pid and mount namespace")
    @Conforms("test_c_api.cc resolve symbol addresses for a given PID / resolve in separate mount namespace")
    void aProcessOfOtherNamespacesIsAnsweredWhenItHasEnded() throws Exception {
        CPrograms.compile(folder, "shown", SHOWN, "-static");
        Path hidden = Files.createDirectory(folder.resolve("hidden"));
        for (String options : new String[] {"--pid", "--mount", "--mount --pid"}) {
            String file = options.contains("mount") ? hidden + "/shown" : folder + "/shown";
            String there = options.contains("mount")
                    ? "mount -t tmpfs none " + hidden + " && cp " + folder + "/shown " + hidden + " && "
                    : "";
            ProcessSymbols symbols;
            long address;
            try (Waiting process = Waiting.unshared(options, there + "exec " + file)) {
                address = Long.parseUnsignedLong(process.line(), 16);
                symbols = ProcessSymbols.of(process.pid());
                assertThat(symbols.address(file, "shown")).hasValue(address);
                assertThat(symbols.resolve(address + 1)).contains(new Symbol("shown", 1, file));
            }
            try (symbols) {
                symbols.refresh();
                assertThat(symbols.resolve(address + 2)).contains(new Symbol("shown", 2, file));
            }
        }
    }

    @Test
    @Conforms("test_c_api.cc resolve symbols using /tmp/perf-pid.map / separate namespace")
    @Conforms(
            "test_c_api.cc resolve symbols using /tmp/perf-pid.map / separate pid and mount namespace, perf-map in host")
    void namesOfCompiledCodeLieInsideOrOutside() throws Exception {
        String code = "7000 10 first\n7010 10 next_door\n";
        try (Waiting process = Waiting.unshared("--pid", "echo ready; read x")) {
            assertThat(process.line()).isEqualTo("ready");
            Path map = Path.of("/tmp/perf-1.map"); // its number inside
            try {
                Files.writeString(map, code);
                assertNames(process.pid(), map);
            } finally {
                Files.delete(map);
            }
        }
        try (Waiting process = Waiting.unshared("--pid --mount", "mount -t tmpfs none /tmp; echo ready; read x")) {
            assertThat(process.line()).isEqualTo("ready");
            Path map = Path.of("/tmp/perf-" + process.pid() + ".map");
            try {
                Files.writeString(map, code);
                assertNames(process.pid(), map);
            } finally {
                Files.delete(map);
            }
        }
    }

    private static void assertNames(int pid, Path map) {
        try (ProcessSymbols symbols = ProcessSymbols.of(pid)) {
            assertThat(symbols.frame(0x7000)).isEqualTo(new Frame(Frame.Kind.JIT, 0x7000, "first", 0, map.toString()));
            assertThat(symbols.resolve(0x7015)).contains(new Symbol("next_door", 5, map.toString()));
            assertThat(symbols.resolve(0x7020)).isEmpty();
        }
    }

    /** A process that waits for its input to end. */
    record Waiting(Process process, int pid, java.io.BufferedReader out) implements AutoCloseable {
        Waiting(String... command) throws IOException {
            this(start(command));
        }

        private Waiting(Process process) {
            this(process, (int) process.pid(), process.inputReader());
        }

        static Process start(String... command) throws IOException {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        }

        /** A shell in namespaces of its own. */
        static Waiting unshared(String options, String script) throws Exception {
            Process outer = start(("unshare " + options + " --fork --kill-child sh -c").split(" "), script);
            while (outer.children().findFirst().isEmpty()) {
                Thread.onSpinWait();
            }
            return new Waiting(
                    outer, (int) outer.children().findFirst().orElseThrow().pid(), outer.inputReader());
        }

        private static Process start(String[] command, String last) throws IOException {
            String[] all = java.util.Arrays.copyOf(command, command.length + 1);
            all[command.length] = last;
            return start(all);
        }

        String line() throws IOException {
            return out.readLine();
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            process.onExit().join();
        }
    }
}
