package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CPUs that come and go while a perf buffer is open. Only in guests: no other machine's CPUs are switched. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class HotplugGuestTest {
    private static final Path SWITCH = Path.of("/sys/devices/system/cpu/cpu1/online");

    private static final String TEXT = """
            struct event { u32 pid; u32 cpu; };
            BPF_PERF_OUTPUT(events);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                struct event e = {bpf_get_current_pid_tgid() >> 32, bpf_get_smp_processor_id()};
                events.perf_submit(args, &e, sizeof(e));
                return 0;
            }
            """;

    record Event(@Unsigned int pid, @Unsigned int cpu) {}

    @BeforeEach
    @AfterEach
    void bothCpusRun() throws IOException {
        set(true);
        assertThat(Cpus.online().cardinality()).isEqualTo(2);
    }

    private static void set(boolean online) throws IOException {
        if (Cpus.online().get(1) != online) {
            Files.writeString(SWITCH, online ? "1" : "0");
        }
    }

    /** A shell on CPU 1, which asks for its parent when it starts; its process. */
    private static int callThere() throws IOException, InterruptedException {
        Process caller = new ProcessBuilder("taskset", "-c", "1", "sh", "-c", ":").start();
        assertThat(caller.waitFor()).isZero();
        return (int) caller.pid();
    }

    private static List<Event> read(PerfBuffer<Event> events) {
        List<Event> all = new ArrayList<>();
        while (events.poll(Duration.ZERO, (cpu, event) -> all.add(event)) > 0) {
            // until there are no more
        }
        return all;
    }

    /** Reads for as long as a look at the CPUs is not repeated, and a bit. */
    private static List<Event> look(PerfBuffer<Event> events) {
        List<Event> all = new ArrayList<>();
        for (long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(150); System.nanoTime() < end; ) {
            all.addAll(read(events));
        }
        return all;
    }

    @Test
    void aCpuThatComesOnlineIsHeard() throws Exception {
        set(false);
        try (BPF bpf = BPF.fromSource(TEXT);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            set(true);
            look(events);
            int caller = callThere();
            assertThat(read(events)).contains(new Event(caller, 1));
        }
    }

    @Test
    void aCpuThatWentAndCameBackIsHeardAgain() throws Exception {
        try (BPF bpf = BPF.fromSource(TEXT);
                PerfBuffer<Event> events = bpf.perfBuffer("events", Event.class)) {
            int before = callThere();
            assertThat(read(events)).contains(new Event(before, 1));
            int unread = callThere();
            set(false);
            assertThat(look(events)).contains(new Event(unread, 1)); // what was in the old ring
            set(true);
            look(events);
            int after = callThere();
            assertThat(read(events)).contains(new Event(after, 1));
        }
    }
}
