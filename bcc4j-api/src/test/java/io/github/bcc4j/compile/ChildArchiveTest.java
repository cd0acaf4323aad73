package io.github.bcc4j.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.ffm.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** The compile process's class archive: made once, used then, and no harm if it is broken. Archives are of jars only. */
@Tag("native")
@EnabledForJreRange(min = JRE.JAVA_25, disabledReason = "JEP 514 came with JDK 25")
class ChildArchiveTest {
    @TempDir
    private Path scratch;

    private Path cache;
    private String classPath;

    /** Compiles a text of its own, and says how. */
    static final class Sample {
        public static void main(String[] args) {
            Origin origin = Compiler.compile("BPF_HASH(" + args[0] + ");\n", CompilerOptions.DEFAULT)
                    .origin();
            System.out.println(origin.kind());
        }
    }

    @BeforeEach
    void jars() {
        cache = scratch.resolve("cache");
        List<String> places = new ArrayList<>();
        for (Class<?> type : List.of(BPF.class, NativeLibrary.class, Sample.class)) {
            Path place = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().getPath());
            if (Files.isDirectory(place)) {
                Path jar = scratch.resolve(type.getSimpleName() + ".jar");
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(System.out, System.err, "cf", jar.toString(), "-C", place.toString(), ".");
                place = jar;
            }
            places.add(place.toString());
        }
        classPath = String.join(":", places);
    }

    private String compile(String name) throws IOException, InterruptedException {
        Path out = scratch.resolve(name + ".txt");
        ProcessBuilder jvm = Forked.jvm(List.of(), classPath, Sample.class, scratch, name);
        jvm.environment().put("BCC4J_COMPILE_CACHE", cache.toString());
        Process process =
                jvm.redirectErrorStream(true).redirectOutput(out.toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out).strip();
    }

    private List<Path> files(Path folder, String glob) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> folder.getFileSystem()
                            .getPathMatcher("glob:" + glob)
                            .matches(f.getFileName()))
                    .toList();
        }
    }

    @Test
    void theFirstCompileHasItMadeAndLaterOnesUseIt() throws Exception {
        assertThat(compile("first")).isEqualTo("COMPILED");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (files(cache, "child-*.aot").isEmpty()
                || !files(scratch, "bcc4j-*").isEmpty()) {
            assertThat(System.nanoTime()).as("made within a minute").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
        Path archive = files(cache, "child-*.aot").getFirst();
        while (isOpen(archive)) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(Files.size(archive)).isGreaterThan(1 << 20);
        byte[] whole = Files.readAllBytes(archive);
        assertThat(compile("second")).isEqualTo("COMPILED");
        assertThat(Files.readAllBytes(archive)).isEqualTo(whole);
        assertThat(files(cache, "*.module")).hasSize(2);

        Files.write(archive, new byte[] {1, 2, 3});
        assertThat(compile("third")).isEqualTo("COMPILED");
        Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertThat(compile("fourth")).isEqualTo("COMPILED");
        assertThat(compile("first")).isEqualTo("CACHED");
    }

    /** Whether some process still has a file open. */
    private static boolean isOpen(Path file) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(p -> p.getFileName().toString().matches("\\d+"))
                    .anyMatch(p -> descriptors(p).anyMatch(target -> target.equals(file.toString())));
        }
    }

    private static Stream<String> descriptors(Path process) {
        try (Stream<Path> links = Files.list(process.resolve("fd"))) {
            List<String> targets = new ArrayList<>();
            for (Path link : links.toList()) {
                targets.add(Files.readSymbolicLink(link).toString());
            }
            return targets.stream();
        } catch (IOException e) {
            return Stream.of(); // it has ended, or is another user's
        }
    }
}
