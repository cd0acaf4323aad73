package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of compiles, when it is taken, and when not. */
@Tag("native")
class CompileCacheTest {
    private static final String TEXT = "BPF_HASH(counts, u32, u64);\nint f(void *ctx) { return 0; }\n";

    @TempDir
    private Path scratch;

    private Path folder;
    private CompilerOptions options;

    @BeforeEach
    void cache() {
        folder = scratch.resolve("compiled");
        options = CompilerOptions.DEFAULT.withCache(CompileCache.at(folder));
    }

    private static Origin.Kind kind(CompiledModule module) {
        return module.origin().kind();
    }

    private String why(String text) {
        Origin origin = Compiler.compile(text, options).origin();
        assertThat(origin.kind()).isEqualTo(Origin.Kind.COMPILED);
        return origin.detail();
    }

    private Path only() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    @Test
    void whatWasCompiledIsNotCompiledAgain() throws IOException {
        CompiledModule first = Compiler.compile(TEXT, options);
        assertThat(first.origin()).hasToString("compiled (not kept before; kept now)");
        // No compile is over in a millisecond; finding one has no such limit.
        CompiledModule second = Compiler.compile(TEXT, options.withTimeLimit(Duration.ofMillis(1)));
        assertThat(second).isEqualTo(first);
        assertThat(second.origin()).isEqualTo(new Origin(Origin.Kind.CACHED, only().toString()));
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(only())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void warningsAreKeptToo() {
        String text = "int f(void *ctx) { int unused; return 0; }\n";
        options = options.withFlags("-Wunused-variable");
        List<Diagnostic> said = Compiler.compile(text, options).warnings();
        assertThat(said).extracting(Diagnostic::flag).containsExactly("-Wunused-variable");
        CompiledModule kept = Compiler.compile(text, options);
        assertThat(kind(kept)).isEqualTo(Origin.Kind.CACHED);
        assertThat(kept.warnings()).isEqualTo(said);
    }

    @Test
    void anotherTextOrAnotherOptionIsAnotherModule() {
        Compiler.compile(TEXT, options);
        for (CompilerOptions other : List.of(
                options.define("N", 1),
                options.define("N", 2),
                options.withSourceName("/other.c"),
                options.withTablesOf(Compiler.compile("BPF_HASH(lent);", options)))) {
            assertThat(kind(Compiler.compile(TEXT, other))).isEqualTo(Origin.Kind.COMPILED);
            assertThat(kind(Compiler.compile(TEXT, other))).isEqualTo(Origin.Kind.CACHED);
        }
        assertThat(why(TEXT + " ")).isEqualTo("not kept before; kept now");
    }

    @Test
    void aChangedHeaderIsCompiledAnewAndATouchedOneIsNot() throws IOException {
        Path header = scratch.resolve("include/size.h");
        Files.createDirectories(header.getParent());
        Files.writeString(header, "#define SIZE 10\n");
        old(header);
        options = options.withFlags("-I" + header.getParent());
        String text = "#include \"size.h\"\nBPF_ARRAY(cells, u64, SIZE);\n";
        assertThat(why(text)).isEqualTo("not kept before; kept now");
        Files.setLastModifiedTime(header, FileTime.fromMillis(1_000_000));
        assertThat(kind(Compiler.compile(text, options))).isEqualTo(Origin.Kind.CACHED);

        Files.writeString(header, "#define SIZE 20\n");
        CompiledModule changed = Compiler.compile(text, options);
        assertThat(changed.origin().detail()).startsWith("since it was kept, changed: " + header);
        assertThat(changed.maps().getFirst().maxEntries()).isEqualTo(20);
        // Written within the last milliseconds: a later change might leave the same times.
        Files.writeString(header.resolveSibling("new.h"), "");
        assertThat(why(text)).startsWith("since it was kept, changed: " + header.getParent());
    }

    /** As if it had been there before any compile: changing times back can't hide when that was done. */
    private static void old(Path file) throws IOException {
        long written = ((FileTime) Files.getAttribute(file, "unix:ctime")).toMillis();
        while (System.currentTimeMillis() < written + 20) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aFileWrittenWhileItIsCompiledKeepsTheModuleOut() throws Exception {
        Path header = scratch.resolve("busy.h");
        Files.writeString(header, "#define SIZE 10\n");
        options = options.withFlags("-I" + Files.createDirectory(scratch.resolve("empty")));
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Files.writeString(header.resolveSibling("draft"), "#define SIZE 10\n");
                    Files.move(header.resolveSibling("draft"), header, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            assertThat(why("#include \"" + header + "\"\nBPF_ARRAY(cells, u64, SIZE);\n"))
                    .isEqualTo("not kept before; not kept: " + header + " was written at the same time");
        } finally {
            writer.interrupt();
            writer.join();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void whatCantBeComparedIsNeverKept() {
        assertThat(why(TEXT + "static const char when[] = __TIME__;"))
                .isEqualTo("never kept: the text asks for the time of the compile");
        options = options.withFlags("-Xclang", "-fno-pch-timestamp");
        assertThat(why(TEXT)).isEqualTo("never kept: nobody knows what the flag -Xclang reads");
        options = options.withCache(CompileCache.none());
        assertThat(why(TEXT)).isEqualTo("the compile cache is off");
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFailedCompileIsNotKept() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Compiler.compile("int f(void *ctx) { return x; }", options))
                    .isInstanceOf(CompileException.class)
                    .hasMessageContaining("use of undeclared identifier 'x'");
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void aDamagedOrForeignFileIsNotTaken() throws IOException {
        Compiler.compile(TEXT, options);
        Path file = only();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at += whole.length / 7) {
            byte[] altered = whole.clone();
            altered[at] ^= 1;
            Files.write(file, altered);
            assertThat(why(TEXT)).startsWith("the compile cache can't be used: not a kept module: ");
            assertThat(Files.readAllBytes(file)).hasSize(whole.length); // mended
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThat(why(TEXT)).contains("its checksum is wrong: it was cut or altered");
        Compiler.compile(TEXT, options.define("N", 1));
        Path other = CompileCache.at(folder).entries().stream()
                .map(CompileCache.Entry::file)
                .filter(f -> !f.equals(file))
                .findFirst()
                .orElseThrow();
        Files.write(file, Files.readAllBytes(other));
        assertThat(why(TEXT)).startsWith(file + " is another module's");
    }

    @Test
    void aFolderThatOthersCanWriteToIsNotUsed() throws IOException {
        Compiler.compile(TEXT, options);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(why(TEXT))
                .isEqualTo("the compile cache can't be used: " + folder
                        + ": others can write to it (rwxrwx---); not kept: " + folder
                        + ": others can write to it (rwxrwx---)");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(only(), PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(why(TEXT)).contains("others can write to it (rw-rw-rw-)").endsWith("; kept now");
        Path link = only();
        Path target = Files.move(link, scratch.resolve("elsewhere"));
        Files.createSymbolicLink(link, target);
        assertThat(why(TEXT)).contains("; kept now");
        assertThat(link).isRegularFile();
        assertThat(Files.isSymbolicLink(link)).isFalse();
    }

    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Test
    @EnabledIf(value = "isRoot", disabledReason = "only root can give files away")
    void anotherUsersFolderIsNotUsed() throws IOException {
        Compiler.compile(TEXT, options);
        UserPrincipal nobody =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(only(), nobody);
        assertThat(why(TEXT)).contains("it belongs to nobody, not to root").endsWith("; kept now");
        Files.setOwner(folder, nobody);
        assertThat(why(TEXT)).contains(folder + ": it belongs to nobody, not to root");
        assertThatThrownBy(() -> CompileCache.at(folder).entries())
                .isInstanceOf(UncheckedIOException.class)
                .rootCause()
                .hasMessageContaining("it belongs to nobody");
    }

    @Test
    void aPlaceThatCantBeAFolderCostsNothingButTheCompile() throws IOException {
        Files.writeString(folder, "");
        assertThat(why(TEXT)).contains(folder + " is no folder").contains("; not kept: ");
    }

    @Test
    void theLeastRecentlyUsedGoFirst() throws IOException {
        Compiler.compile(TEXT, options.define("N", 1));
        Path first = only();
        long size = Files.size(first);
        Compiler.compile(TEXT, options.define("N", 2));
        Files.setLastModifiedTime(first, FileTime.fromMillis(1_000_000));
        assertThat(kind(Compiler.compile(TEXT, options.define("N", 1)))).isEqualTo(Origin.Kind.CACHED);
        assertThat(CompileCache.at(folder).entries().getFirst().file()).isEqualTo(first); // used just now
        CompilerOptions small = options.withCache(CompileCache.at(folder).withLimit(size * 5 / 2));
        Compiler.compile(TEXT, small.define("N", 3));
        assertThat(kind(Compiler.compile(TEXT, options.define("N", 1)))).isEqualTo(Origin.Kind.CACHED);
        assertThat(why(TEXT)).contains("kept now");
        assertThat(CompileCache.at(folder).entries()).hasSize(3);
        assertThat(kind(Compiler.compile(TEXT, options.define("N", 2)))).isEqualTo(Origin.Kind.COMPILED);
        assertThat(CompileCache.at(folder).clear()).isEqualTo(4);
        assertThat(CompileCache.at(folder).entries()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CompileCache.none().withLimit(-1));
    }

    @Test
    void severalMayFillItAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            Callable<CompiledModule> task = () -> Compiler.compile(TEXT, options);
            CompiledModule expected = Compiler.compile(TEXT, options.withCache(CompileCache.none()));
            for (Future<CompiledModule> module : threads.invokeAll(List.of(task, task, task, task))) {
                assertThat(module.get()).isEqualTo(expected);
            }
        }
        assertThat(kind(Compiler.compile(TEXT, options))).isEqualTo(Origin.Kind.CACHED);
        only();
    }

    @Test
    void aCacheFilledForADescribedKernelServesThatKernel() throws IOException {
        KernelTarget running = KernelTarget.running();
        Path description = scratch.resolve("description");
        Files.createDirectories(description.resolve("events/sched/sched_switch"));
        Files.writeString(
                description.resolve("release"), running.release() + "\n" + Files.readString(Path.of("/proc/version")));
        Files.writeString(description.resolve("build-id"), running.buildId().orElseThrow());
        Files.copy(running.btf().orElseThrow(), description.resolve("vmlinux"));
        StringBuilder config = new StringBuilder();
        running.config().forEach((name, value) -> config.append(name + "=" + value + "\n"));
        Files.writeString(description.resolve("config"), config);
        Path format = description.resolve("events/sched/sched_switch/format");
        Files.writeString(format, running.tracepointFormat("sched", "sched_switch"));
        old(format);
        String text = """
                #include <linux/sched.h>
                BPF_HASH(counts, u32);
                TRACEPOINT_PROBE(sched, sched_switch) {
                    struct task_struct *task = (void *)bpf_get_current_task();
                    counts.increment(task->tgid + args->next_pid);
                    return 0;
                }
                """;
        CompilerOptions there = options.withTarget(KernelTarget.open(description));
        CompiledModule module = Compiler.compile(text, there);
        assertThat(module.origin().detail()).endsWith("; kept now");
        CompiledModule here = Compiler.compile(text, options);
        assertThat(here).isEqualTo(module);
        assertThat(kind(here)).isEqualTo(Origin.Kind.CACHED);

        Files.writeString(format, Files.readString(format).replace("next_pid", "following"));
        assertThatThrownBy(() -> Compiler.compile(text, there)).hasMessageContaining("next_pid");
        Files.delete(description.resolve("build-id"));
        assertThat(Compiler.compile(TEXT, options.withTarget(KernelTarget.open(description)))
                        .origin()
                        .detail())
                .isEqualTo("never kept: nothing tells that kernel from others of its release");
    }
}
