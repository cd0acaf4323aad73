package io.github.bcc4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.github.bcc4j.BPF;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs in a guest only; its name keeps the build from taking it for a test. */
class GuestSample {
    @Test
    void passes() throws Exception {
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo("bcc4j-vm\n");
    }

    @Test
    void fails() {
        assertThat(1 + 1).as("sum\tof\nones").isEqualTo(3);
    }

    @Test
    void aborts() {
        abort("no such device");
    }

    @Test
    @Disabled("on purpose: the guest must tell")
    void isDisabled() {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void repeats(int number) {
        assertThat(number).isPositive();
    }

    @Nested
    class BrokenSetup {
        @BeforeAll
        static void breaks() {
            throw new IllegalStateException("setup is broken");
        }

        @Test
        void neverRuns() {}
    }

    /** The whole way: compiled on the host, loaded and attached here. */
    static class Kprobe {
        @Test
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
    }

    /** Takes the kernel down in the middle. */
    static class Crash {
        @Test
        void a1Passes() {}

        @Test
        void a2Panics() throws Exception {
            Files.writeString(Path.of("/proc/sysrq-trigger"), "c");
        }

        @Test
        void a3NeverRuns() {}
    }
}
