package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As a user writes it: nothing of this runs on the host. */
@OnKernels("6.12")
@Tag("vm")
class OnKernelsTest {
    private static String release;

    private final String hostname = read("/proc/sys/kernel/hostname");

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void before() {
        release = read("/proc/sys/kernel/osrelease");
        System.out.println("on " + release);
    }

    @Test
    void runsInAGuestAsRoot() {
        assertThat(hostname).isEqualTo("bcc4j-vm");
        assertThat(System.getProperty("user.name")).isEqualTo("root");
        assertThat(release).startsWith("6.");
    }

    @Test
    @DisplayName("counts forks by a kprobe")
    void countsForks() throws Exception {
        String text = """
                BPF_HASH(counts, u32, u64);
                int on_clone(void *ctx) { counts.increment(bpf_get_current_pid_tgid() >> 32); return 0; }
                """;
        try (BPF bpf = BPF.fromSource(text)) {
            bpf.attachKprobe(BPF.syscallName("clone"), "on_clone");
            Process shell = new ProcessBuilder("/bin/sh", "-c", "for i in 1 2 3 4 5; do (:); done").start();
            assertThat(shell.waitFor()).isZero();
            assertThat(bpf.hash("counts", Integer.class, Long.class)).containsEntry((int) shell.pid(), 5L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpf", "tracing"})
    void hasItsFileSystems(String name) {
        assertThat(read("/proc/mounts")).contains(name);
    }

    @Nested
    class Inside {
        @Test
        void isThereToo() {
            assertThat(hostname).isEqualTo("bcc4j-vm");
        }
    }
}
