package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.compile.CompilerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The counters by which programs know that somebody looks are raised while probes are attached, and only then, whatever ends that. */
@Tag("native")
class UsdtSemaphoreTest {
    private static final String COUNT = """
            BPF_HASH(values, u64, u64);
            int on(struct pt_regs *ctx) {
                u64 value = 0;
                bpf_usdt_readarg(1, ctx, &value);
                values.increment(value);
                return 0;
            }
            """;

    /** For each line of input: passes the probe if somebody looks, and prints how many look. */
    private static final String PROGRAM = CPrograms.PROBE + """
            #include <stdio.h>
            unsigned short bcc4j_asked_semaphore __attribute__((section(".probes")));
            volatile unsigned short *looking = &bcc4j_asked_semaphore;
            int main(void) {
                for (long i = 1; getchar() != EOF; i++) {
                    if (*looking) PROBE_IF("asked", "-8@%0", "r"(i));
                    printf("%d\\n", *looking);
                    fflush(stdout);
                }
                return 0;
            }
            """;

    @TempDir
    Path folder;

    private Path program(String... flags) {
        return CPrograms.compile(folder, "asked", PROGRAM, flags);
    }

    /** The program, running. */
    private record Asked(Process process, BufferedReader out) implements AutoCloseable {
        static Asked start(Path program) throws IOException {
            Process process = new ProcessBuilder(program.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Asked(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        int looking() throws IOException {
            OutputStream in = process.getOutputStream();
            in.write('?');
            in.flush();
            return Integer.parseInt(out.readLine());
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    @Conforms("test_usdt_probes.cc Test uprobe refcnt semaphore activation")
    void everyProcessIsToldWithoutItsIdBeingKnown() throws Exception {
        Path program = program("-pie", "-fPIE");
        Usdt usdt = Usdt.of(program.toString()).enable("bcc4j:asked", "on");
        assertThat(usdt.probes().getFirst().hasSemaphore()).isTrue();
        try (Asked before = Asked.start(program)) {
            assertThat(before.looking()).isZero();
            try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt);
                    Asked after = Asked.start(program)) {
                assertThat(before.looking()).isEqualTo(1);
                assertThat(after.looking()).isEqualTo(1);
                BpfLink second = bpf.attach(usdt).getFirst();
                assertThat(before.looking()).isEqualTo(1); // the kernel counts places, not who looks there
                second.close();
                assertThat(before.looking()).isEqualTo(1);
                // Twice for the third line, when two programs were attached.
                assertThat(bpf.hash("values", Long.class, Long.class))
                        .containsOnly(Map.entry(1L, 1L), Map.entry(2L, 1L), Map.entry(3L, 2L), Map.entry(4L, 1L));
            }
            assertThat(before.looking()).isZero();
        }
    }

    @Test
    void aProbeWithCopiesIsOneLinkThatRaisesTheCounterToo() throws Exception {
        Path program = CPrograms.compile(
                folder,
                "copies",
                PROGRAM.replace(
                        "if (*looking) ", "if (*looking) PROBE_IF(\"asked\", \"-8@$-7\", \"i\"(0));\nif (*looking) "));
        Usdt usdt = Usdt.of(program.toString()).enable("asked", "on");
        assertThat(usdt.probes().getFirst().locations()).hasSize(2);
        try (Asked asked = Asked.start(program)) {
            try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt)) {
                assertThat(bpf.links()).hasSize(1);
                assertThat(asked.looking()).isEqualTo(2); // once for each place
                assertThat(bpf.hash("values", Long.class, Long.class))
                        .containsOnly(Map.entry(1L, 1L), Map.entry(-7L, 1L));
            }
            assertThat(asked.looking()).isZero();
        }
    }

    @Test
    void oneProcessIsToldIfOneIsMeant() throws Exception {
        Path program = program("-no-pie", "-fno-pie");
        try (Asked one = Asked.start(program);
                Asked other = Asked.start(program)) {
            Usdt usdt = Usdt.ofProcess((int) one.process.pid()).enable("asked", "on");
            assertThat(one.looking()).isZero();
            try (BPF bpf = BPF.fromSource(COUNT, CompilerOptions.DEFAULT, usdt)) {
                assertThat(bpf.links().getFirst())
                        .hasToString("on at u:/proc/" + one.process.pid() + "/root" + program
                                + ":bcc4j:asked in process " + one.process.pid());
                assertThat(one.looking()).isEqualTo(1);
                assertThat(other.looking()).isZero();
                assertThat(bpf.hash("values", Long.class, Long.class)).containsOnly(Map.entry(2L, 1L));
            }
            assertThat(one.looking()).isZero();
        }
    }

    /** The child: attaches, says so, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            try (BPF bpf = BPF.fromSource(
                    COUNT, CompilerOptions.DEFAULT, Usdt.of(args[0]).enable("asked", "on"))) {
                System.out.println("attached " + bpf.links().size());
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void aKilledTracerLeavesNoneRaised() throws Exception {
        Path program = program();
        try (Asked asked = Asked.start(program)) {
            Process victim = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            program.toString()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(out.readLine()).isEqualTo("attached 1");
                assertThat(asked.looking()).isEqualTo(1);
            } finally {
                victim.destroyForcibly();
            }
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            int looking = asked.looking();
            while (looking != 0 && System.nanoTime() < deadline) {
                looking = asked.looking();
            }
            assertThat(looking).isZero();
        }
    }
}
