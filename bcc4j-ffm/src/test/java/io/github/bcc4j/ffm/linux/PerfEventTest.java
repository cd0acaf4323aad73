package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** perf_event_open(2) on the running kernel. */
@Tag("native")
class PerfEventTest {
    private static final int SW_CPU_CLOCK = 0;
    private static final long DISABLED = 1;

    @Test
    void aSoftwareClockRunsWhileEnabled() throws IOException {
        int number = PerfEvent.open(
                new PerfEvent.Attr(PerfEvent.TYPE_SOFTWARE, SW_CPU_CLOCK, 0, 0, DISABLED, 0, 0, 0), 0, -1);
        try (Fd event = Fd.own(number, "clock");
                Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG);
            spin();
            assertThat(count(event, value)).isZero();
            assertThat(PerfEvent.enable(event.number())).isZero();
            spin();
            assertThat(PerfEvent.disable(event.number())).isZero();
            long counted = count(event, value);
            assertThat(counted).isGreaterThan(1_000_000);
            spin();
            assertThat(count(event, value)).isEqualTo(counted);
        }
    }

    /** Keeps this thread on a CPU for some milliseconds of its own time, however busy the machine is. */
    private static void spin() throws IOException {
        long end = cpuNanos() + 5_000_000;
        while (cpuNanos() < end) {
            Thread.onSpinWait();
        }
    }

    private static long cpuNanos() throws IOException {
        return Long.parseLong(
                Files.readString(Path.of("/proc/thread-self/schedstat")).split(" ")[0]);
    }

    private static long count(Fd event, MemorySegment value) {
        assertThat(Linux.read(event.number(), value)).isEqualTo(8);
        return value.get(JAVA_LONG, 0);
    }

    @Test
    void errorsAreTheKernels() {
        PerfEvent.Attr unknown = new PerfEvent.Attr(999, 0, 0, 0, 0, 0, 0, 0);
        assertThat(PerfEvent.open(unknown, -1, 0)).isEqualTo(-Errno.ENOENT);
        assertThat(PerfEvent.open(unknown, -1, -1)).isEqualTo(-Errno.EINVAL);
        assertThat(PerfEvent.enable(-1)).isEqualTo(-Errno.EBADF);
        assertThat(PerfEvent.setProgram(-1, 0)).isEqualTo(-Errno.EBADF);
    }

    @Test
    void aProgramMustBeOne() {
        int number = PerfEvent.open(
                new PerfEvent.Attr(PerfEvent.TYPE_SOFTWARE, SW_CPU_CLOCK, 1_000_000, 0, DISABLED, 0, 0, 0), 0, -1);
        try (Fd event = Fd.own(number, "clock");
                Fd notAProgram = Fd.own(Linux.eventFd(), "counter")) {
            assertThat(PerfEvent.setProgram(event.number(), notAProgram.number()))
                    .isEqualTo(-Errno.EINVAL);
        }
    }
}
