package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.junit.OnKernels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing stays behind: not of a process that was killed, not of a hundred modules that were closed. */
@OnKernels({OnKernels.HERE, "6.1", "6.12"})
@Tag("native")
class KillTest {
    private static final String TEXT = """
            BPF_HASH(bcc4j_kill_test, u32, u64);
            RAW_TRACEPOINT_PROBE(sys_enter) {
                bcc4j_kill_test.increment(1);
                return 0;
            }
            """;

    /** The child: attaches, says so, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            try (BPF bpf = BPF.fromSource(TEXT)) {
                System.out.println("attached " + bpf.links().size());
                new java.util.concurrent.CountDownLatch(1).await();
            }
        }
    }

    private static List<String> command(Class<?> main) {
        return new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    }

    private static long mapsNamed(String name) {
        return Workloads.run("bpftool", "map", "list").lines().stream()
                .filter(l -> l.contains(name))
                .count();
    }

    @Test
    void aKilledProcessLeavesNothing() throws Exception {
        Process victim = new ProcessBuilder(command(Victim.class))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("attached 1");
            assertThat(mapsNamed("bcc4j_kill_test")).isEqualTo(1);
        } finally {
            victim.destroyForcibly();
        }
        assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
        // The kernel frees the last map reference from a worker, some milliseconds after the process is gone.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (mapsNamed("bcc4j_kill_test") > 0 && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(mapsNamed("bcc4j_kill_test")).isZero();
    }

    @Test
    void aHundredModulesLeaveNoDescriptor() throws IOException {
        var module = io.github.bcc4j.compile.Compiler.compile(
                TEXT + "BPF_PERF_OUTPUT(events);", io.github.bcc4j.compile.CompilerOptions.DEFAULT);
        openAndClose(module);
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            openAndClose(module);
        }
        assertThat(descriptors()).isEqualTo(before);
    }

    private static void openAndClose(io.github.bcc4j.compile.CompiledModule module) {
        try (BPF bpf = BPF.load(module)) {
            assertThat(bpf.links()).hasSize(1);
            bpf.hash("bcc4j_kill_test", Integer.class, Long.class).clear();
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        }
    }
}
