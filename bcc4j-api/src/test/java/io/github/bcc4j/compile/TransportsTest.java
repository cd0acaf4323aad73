package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same compile by others: another machine, a process without rights, this very process. */
@Tag("native")
class TransportsTest {
    private static CompiledModule compile(String source) {
        return Compiler.compile(source, CompilerOptions.DEFAULT);
    }

    private static CompileException refused(String source) {
        return catchThrowableOfType(CompileException.class, () -> compile(source));
    }

    @Test
    void aSharedFolderServesCompilesForOthers(@TempDir Path folder) {
        String good = "BPF_HASH(h, u32, u64);\nint f(void *ctx) { h.increment(1); return 0; }";
        System.setProperty("bcc4j.compile.spool", folder.toString());
        CompileSpool spool = CompileSpool.serve(folder);
        try {
            CompiledModule served = compile(good);
            CompileException error = refused("int f(void *ctx) { return x; }");
            CompileException headers = catchThrowableOfType(
                    CompileException.class,
                    () -> Compiler.compile(
                            "#include <linux/sched.h>", CompilerOptions.DEFAULT.withKernelRelease("5.99.0")));
            System.clearProperty("bcc4j.compile.spool");
            assertThat(served).isEqualTo(compile(good));
            assertThat(error)
                    .hasMessage(refused("int f(void *ctx) { return x; }").getMessage());
            assertThat(error.diagnostics().getFirst().column()).isEqualTo(27);
            assertThat(headers)
                    .isInstanceOf(MissingKernelHeadersException.class)
                    .hasMessageContaining("apt-get install");
        } finally {
            spool.close();
            System.clearProperty("bcc4j.compile.spool");
        }
    }

    @Test
    void noPrivilegeIsNeeded(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("module");
        Files.setPosixFilePermissions(folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
        // Nobody must be able to read the classes, so they are taken where everybody can.
        Path classes = copyClasses(folder);
        Process child = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "--no-new-privs",
                        "--bounding-set=-all",
                        "--inh-caps=-all",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dbcc4j.cache=" + io.github.bcc4j.kernel.KernelHeaders.cache(),
                        "-cp",
                        classes.toString(),
                        Powerless.class.getName(),
                        out.toString())
                .inheritIO()
                .start();
        assertThat(child.waitFor()).isZero();
        assertThat(CompiledModule.fromBytes(Files.readAllBytes(out))).isEqualTo(compile(Powerless.TEXT));
    }

    private static Path copyClasses(Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("classes"));
        for (Class<?> type : List.of(Compiler.class, io.github.bcc4j.ffm.NativeLibrary.class, TransportsTest.class)) {
            Path source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isRegularFile(source)) {
                try (java.nio.file.FileSystem jar = java.nio.file.FileSystems.newFileSystem(source)) {
                    copy(jar.getPath("/"), target);
                }
            } else {
                copy(source, target);
            }
        }
        return target;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path there = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(file, there, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Compiles as nobody. */
    static final class Powerless {
        static final String TEXT = "BPF_HASH(h, u32, u64);\nint f(void *ctx) { h.increment(1); return 0; }";

        private Powerless() {}

        public static void main(String[] args) throws IOException {
            Files.write(Path.of(args[0]), compile(TEXT).toBytes());
        }
    }

    /** Compiles in its own process. */
    static final class InOneProcess {
        private InOneProcess() {}

        public static void main(String[] args) {
            CompilerOptions options = CompilerOptions.DEFAULT.inProcess();
            CompiledModule first = Compiler.compile(Powerless.TEXT, options);
            CompiledModule second = Compiler.compile(Powerless.TEXT, options);
            boolean refused = false;
            try {
                Compiler.compile("int f(", options);
            } catch (CompileException e) {
                refused = e.getMessage().contains("libbcc has printed them to standard error");
            }
            System.exit(first.equals(second) && first.equals(compile(Powerless.TEXT)) && refused ? 0 : 1);
        }
    }

    @Test
    void aMissingLibraryIsNamedWithItsInstallCommand() {
        System.setProperty("bcc4j.libbcc", "/nosuch/libbcc.so.0");
        try {
            assertThat(refused("int f;"))
                    .hasMessageContaining("libbcc can't be used")
                    .hasMessageContaining("/nosuch/libbcc.so.0")
                    .hasMessageContaining("libbpfcc");
        } finally {
            System.clearProperty("bcc4j.libbcc");
        }
    }

    private static int run(Class<?> main, String... flags) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main.getName()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void inProcessGivesTheSame() throws Exception {
        assertThat(run(InOneProcess.class)).isZero();
    }

    /** Compiles well and badly, in a child and in its own process. */
    static final class Leftovers {
        private Leftovers() {}

        public static void main(String[] args) {
            compile(Powerless.TEXT);
            Compiler.compile(Powerless.TEXT, CompilerOptions.DEFAULT.inProcess());
            System.exit(refused("int f(") == null ? 1 : 0);
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder(@TempDir Path temporary) throws Exception {
        assertThat(run(Leftovers.class, "-Djava.io.tmpdir=" + temporary)).isZero();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("bcc4j")))
                    .isEmpty();
        }
    }
}
