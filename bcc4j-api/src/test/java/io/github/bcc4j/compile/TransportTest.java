package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bcc4j.compile.child.CompileRequest;
import io.github.bcc4j.compile.child.MadeHeaders;
import io.github.bcc4j.compile.child.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a compile is done, and by whom, it gives the same. Needs libbcc and any kernel headers. */
@Tag("native")
class TransportTest {
    private static CompiledModule compile(String source) {
        return Compiler.compile(source, CompilerOptions.DEFAULT);
    }

    private static CompileException refused(String source) {
        return refused(source, CompilerOptions.DEFAULT);
    }

    private static CompileException refused(String source, CompilerOptions options) {
        return catchThrowableOfType(CompileException.class, () -> Compiler.compile(source, options));
    }

    @Test
    void compilesSideBySideGiveEqualModules() throws Exception {
        String source = "BPF_HASH(h, u32, u64);\nint f(void *ctx) { h.increment(1); return 0; }";
        CompiledModule alone = compile(source);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<CompiledModule>> tasks =
                    List.of(() -> compile(source), () -> compile(source), () -> compile(source), () -> compile(source));
            for (Future<CompiledModule> module : threads.invokeAll(tasks)) {
                assertThat(module.get()).isEqualTo(alone);
            }
        }
    }

    /** Compiles well, badly and for too long. */
    static final class Compiles {
        private Compiles() {}

        public static void main(String[] args) {
            compile(Powerless.TEXT);
            boolean errors = refused("int f(").getMessage().contains("error");
            boolean late = refused(
                            CompileErrorsTest.endless(), CompilerOptions.DEFAULT.withTimeLimit(Duration.ofSeconds(1)))
                    .getMessage()
                    .contains("took longer");
            System.exit(errors && late ? 0 : 1);
        }
    }

    @Test
    void nothingIsLeftInTheTemporaryFolder(@TempDir Path folder) throws Exception {
        assertThat(Forked.run(Forked.jvm(Compiles.class, folder))).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    /** Compiles without end. */
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) {
            compile(CompileErrorsTest.endless());
        }
    }

    @Test
    void aCompileDoesNotOutliveTheProcessThatWantedIt(@TempDir Path folder) throws Exception {
        Process parent = Forked.jvm(Endless.class, folder).start();
        ProcessHandle child;
        while ((child = parent.children().findFirst().orElse(null)) == null || !compiling(child)) {
            Thread.sleep(5);
        }
        parent.destroyForcibly().waitFor();
        child.onExit().get(30, TimeUnit.SECONDS);
        assertThat(folder).isEmptyDirectory();
    }

    private static boolean compiling(ProcessHandle child) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(child.pid()), "maps"))
                .contains("/libbcc.so");
    }

    @Test
    void aTemporaryFolderThatCantBeUsedIsNamed(@TempDir Path folder) throws Exception {
        assertThat(Forked.run(Forked.jvm(Nowhere.class, folder.resolve("nosuch"))))
                .isZero();
    }

    /** Has no temporary folder. */
    static final class Nowhere {
        private Nowhere() {}

        public static void main(String[] args) {
            CompileException e = refused(Powerless.TEXT);
            boolean right = e.getMessage().startsWith("the compile process can't be run: ")
                    && e.hint().orElse("").endsWith("room for files in " + System.getProperty("java.io.tmpdir"));
            System.exit(right ? 0 : 1);
        }
    }

    @Test
    void ofVeryMuchOutputTheBeginningAndTheEndAreRead(@TempDir Path folder) throws IOException {
        Path output = folder.resolve("output.txt");
        Files.writeString(output, "first" + " ".repeat(10 << 20) + "last");
        assertThat(ChildProcess.read(output))
                .hasSizeLessThan(5 << 20)
                .startsWith("first ")
                .endsWith(" last");
        String plain = "a\n".repeat(1_500_000);
        Files.writeString(output, plain);
        assertThat(ChildProcess.read(output)).isEqualTo(plain);
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
    void aSharedFolderSurvivesWhateverIsPutThere(@TempDir Path folder) throws Exception {
        CompileSpool spool = CompileSpool.serve(folder);
        try {
            put(folder, "nonsense", new byte[100]);
            assertThat(answer(folder, "nonsense"))
                    .hasMessage("the compile service failed: not a compile request: it is something else, or of another"
                            + " version of bcc4j");
            CompileRequest traversal = new CompileRequest(
                    "",
                    "/f.c",
                    "",
                    List.of(),
                    0,
                    "6.1/../../..",
                    "",
                    true,
                    true,
                    List.of(),
                    60_000,
                    0,
                    MadeHeaders.NONE);
            put(folder, "traversal", traversal.toBytes());
            assertThat(answer(folder, "traversal"))
                    .hasMessage("the compile service failed: not a kernel release: \"6.1/../../..\"");
            System.setProperty("bcc4j.compile.spool", folder.toString());
            assertThat(compile(Powerless.TEXT).programs()).hasSize(1);
            assertThat(folder).isEmptyDirectory();
        } finally {
            spool.close();
            System.clearProperty("bcc4j.compile.spool");
        }
    }

    private static void put(Path folder, String name, byte[] file) throws IOException {
        Path draft = Files.write(folder.resolve(name), file);
        Files.move(draft, folder.resolve(name + CompileSpool.REQUEST));
    }

    private static CompileException answer(Path folder, String name) throws Exception {
        Path answer = folder.resolve(name + CompileSpool.ANSWER);
        while (!Files.exists(answer)) {
            Thread.sleep(5);
        }
        Wire.Reader in = new Wire.Reader(Files.readAllBytes(answer), CompileSpool.KIND, "compile answer");
        Files.delete(answer);
        return catchThrowableOfType(CompileException.class, () -> CompileSpool.readAnswer(in));
    }

    @Test
    void interruptionEndsTheWaitForAnAnswer(@TempDir Path folder) {
        System.setProperty("bcc4j.compile.spool", folder.toString()); // which nobody serves
        try {
            Thread.currentThread().interrupt();
            assertThat(refused(Powerless.TEXT)).hasMessage("the compile was interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(folder).isEmptyDirectory();
        } finally {
            System.clearProperty("bcc4j.compile.spool");
        }
    }

    @Test
    void noPrivilegeIsNeeded(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("module");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        // Nobody must be able to read the classes, so they are taken where everybody can.
        Path classes = copyClasses(folder);
        List<String> nobody = List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--no-new-privs",
                "--bounding-set=-all",
                "--inh-caps=-all");
        assertThat(Forked.run(Forked.jvm(nobody, classes.toString(), Powerless.class, folder, out.toString())))
                .isZero();
        assertThat(CompiledModule.fromBytes(Files.readAllBytes(out))).isEqualTo(compile(Powerless.TEXT));
    }

    private static Path copyClasses(Path folder) throws Exception {
        Path target = Files.createDirectory(folder.resolve("classes"));
        for (Class<?> type : List.of(Compiler.class, io.github.bcc4j.ffm.NativeLibrary.class, CompilerTest.class)) {
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
    void inProcessGivesTheSame(@TempDir Path folder) throws Exception {
        ProcessBuilder jvm = Forked.jvm(InOneProcess.class, folder).redirectErrorStream(true);
        assertThat(Forked.run(jvm.redirectOutput(ProcessBuilder.Redirect.DISCARD)))
                .isZero();
        assertThat(folder).isEmptyDirectory();
    }
}
