package io.github.bcc4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SyscallsTest {
    @Test
    void callsAreKnownByNumberAndName() {
        assertThat(Syscalls.read("x86_64"))
                .containsEntry(0, "read")
                .containsEntry(257, "openat")
                .containsEntry(321, "bpf")
                .containsEntry(469, "file_setattr");
        assertThat(Syscalls.read("aarch64"))
                .containsEntry(63, "read")
                .containsEntry(56, "openat")
                .containsEntry(79, "newfstatat")
                .containsEntry(222, "mmap")
                .containsEntry(280, "bpf")
                .containsEntry(469, "file_setattr");
        assertThat(Syscalls.name(Syscalls.number("bpf").orElseThrow())).contains("bpf");
        assertThat(Syscalls.name(-1)).isEmpty();
        assertThat(Syscalls.name(100_000)).isEmpty();
        assertThat(Syscalls.number("nosuch")).isEmpty();
    }

    /** The headers of the C library are older than the table, but must agree where they speak. */
    @Test
    void theHeadersOfThisMachineAgree() throws IOException {
        String arch = System.getProperty("os.arch");
        Path header = Path.of("/usr/include", arch.equals("amd64") ? "x86_64-linux-gnu" : "aarch64-linux-gnu", "asm")
                .resolve(arch.equals("amd64") ? "unistd_64.h" : "unistd.h");
        Map<Integer, String> said = new TreeMap<>();
        Pattern.compile("#define __NR_(\\w+) (\\d+)")
                .matcher(Files.readString(header))
                .results()
                .forEach(m -> said.put(Integer.valueOf(m.group(2)), m.group(1)));
        assertThat(Syscalls.all()).containsAllEntriesOf(said);
    }

    @Test
    void readingsBecomeTimesOfDayAndBack() {
        KernelClock clock = KernelClock.monotonic();
        long now = clock.now();
        assertThat(Duration.between(clock.instant(now), Instant.now()).abs()).isLessThan(Duration.ofMillis(200));
        Instant at = clock.instant(now);
        assertThat(clock.nanos(at)).isEqualTo(now);
        assertThat(clock.instant(now + 1_500_000_000L)).isEqualTo(at.plusMillis(1500));
        assertThat(clock.instant(0)).isBefore(at);
        KernelClock boot = KernelClock.boottime();
        assertThat(boot.now()).isGreaterThanOrEqualTo(now);
        assertThat(Duration.between(boot.instant(boot.now()), Instant.now()).abs())
                .isLessThan(Duration.ofMillis(200));
    }
}
