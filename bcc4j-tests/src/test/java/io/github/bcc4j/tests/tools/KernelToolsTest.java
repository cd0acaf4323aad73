package io.github.bcc4j.tests.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.tests.Workloads;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tools that count what the kernel does: system calls, interrupts, switches, signals. */
@OnKernels({"here", "6.1", "6.12"})
@Tag("vm")
public class KernelToolsTest {
    @Test
    void syscountCountsTheCallsOfAProcess() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        String self = String.valueOf(ProcessHandle.current().pid());
        ToolRun run = ToolRun.beside(
                        () -> done.set(Workload.syscalls("geteuid", 777).run()),
                        "syscount",
                        "-p",
                        self,
                        "-T",
                        "1000",
                        "--json")
                .succeeded();
        assertThat(run.rows("syscall", "geteuid"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("count").asLong()).isEqualTo(777));
    }

    @Test
    void syscountMeasuresAndChooses() {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "sleep 0.4; cat /nonexistent 2>/dev/null; :"),
                        "syscount",
                        "-L",
                        "--syscall",
                        "clock_nanosleep",
                        "--json")
                .succeeded();
        assertThat(run.rows()).anySatisfy(r -> {
            assertThat(r.path("syscall").asText()).isEqualTo("clock_nanosleep");
            assertThat(r.path("time_us").asDouble()).isGreaterThan(400_000);
        });
        ToolRun failed = ToolRun.beside(
                        () -> Workloads.run("sh", "-c", "for i in 1 2 3 4 5; do cat /nonexistent; done 2>/dev/null; :"),
                        "syscount",
                        "-P",
                        "-e",
                        "ENOENT",
                        "--json")
                .succeeded();
        assertThat(failed.rows().mapToLong(r -> r.path("count").asLong()).sum()).isGreaterThanOrEqualTo(5);
        assertThat(ToolRun.of("syscount", "-e", "ENOSUCH").refusal())
                .startsWith("syscount: not an error: ENOSUCH; give its number");
        assertThat(ToolRun.of("syscount", "--syscall", "nosuch").refusal())
                .isEqualTo("syscount: there is no system call nosuch; -l lists them");
        assertThat(ToolRun.of("syscount", "-l").out()).contains("openat").doesNotContain("COUNT");
    }

    @Test
    void softirqsCountsWhatPacketsOverLoopbackTake() throws Exception {
        ToolRun run;
        try (DatagramSocket receiver = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DatagramSocket sender = new DatagramSocket()) {
            run = ToolRun.beside(
                            () -> {
                                for (int i = 0; i < 200; i++) {
                                    sender.send(new DatagramPacket(
                                            new byte[8], 8, InetAddress.getLoopbackAddress(), receiver.getLocalPort()));
                                    receiver.receive(new DatagramPacket(new byte[8], 8));
                                }
                            },
                            "softirqs",
                            "-C",
                            "--json")
                    .succeeded();
        }
        assertThat(run.rows("softirq", "net_rx"))
                .singleElement()
                .satisfies(r -> assertThat(r.path("total_count").asLong()).isBetween(150L, 20_000L));
    }

    @Test
    void softirqsDrawsHistograms() {
        ToolRun run = ToolRun.beside(
                        () -> Workload.burnCpu(Duration.ofMillis(700)).run(), "softirqs", "-d", "-N", "--json")
                .succeeded();
        assertThat(run.rows()).isNotEmpty().allSatisfy(r -> {
            assertThat(r.path("softirq").asText()).matches("[a-z_]+");
            assertThat(r.path("unit").asText()).isEqualTo("nsecs");
            assertThat(ToolRun.count(r, 0, Long.MAX_VALUE)).isPositive();
        });
    }

    @Test
    void hardirqsCountsWhatDevicesInterrupt() {
        ToolRun run = ToolRun.beside(
                        () -> Workloads.run(
                                "sh",
                                "-c",
                                "dd if=/dev/zero of=hardirqs-test bs=64k count=64 oflag=direct status=none; "
                                        + "rm -f hardirqs-test; cat /proc/interrupts >/dev/ttyS0 2>/dev/null; :"),
                        "hardirqs",
                        "-C",
                        "--json")
                .succeeded();
        assertThat(run.rows()).as("%s", run).isNotEmpty().allSatisfy(r -> {
            assertThat(r.path("hardirq").asText()).isNotEmpty();
            assertThat(r.path("total_count").asLong()).isPositive();
        });
    }

    @Test
    void cpudistShowsAProcessRunAtAStretchAndOthersSleep() {
        String self = String.valueOf(ProcessHandle.current().pid());
        ToolRun run = ToolRun.beside(
                        () -> Workload.burnCpu(Duration.ofMillis(700)).run(), "cpudist", "-p", self, "-P", "--json")
                .succeeded();
        assertThat(run.rows("pid", self)).singleElement().satisfies(r -> {
            assertThat(ToolRun.count(r, 0, Long.MAX_VALUE)).isPositive();
            assertThat(r.path("comm").asText()).isNotEmpty();
        });
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun off = ToolRun.beside(
                        () -> done.set(Workloads.run("sleep", "0.3")), "cpudist", "-O", "-m", "-P", "--json")
                .succeeded();
        JsonNode slept = off.rows("pid", String.valueOf(done.get().pid())).getFirst();
        assertThat(ToolRun.count(slept, 128, 16383))
                .isPositive(); // 300 ms are among 256 to 511; a busy machine leaves late, and comes later
    }

    @Test
    void killsnoopSeesSignalsAndWhatCameOfThem() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(
                        () -> done.set(
                                Workloads.run("sh", "-c", "echo $$; kill -0 $$; kill -18 $$; kill -0 4194303; :")),
                        "killsnoop",
                        "--json")
                .succeeded();
        List<JsonNode> signals = run.rows("pid", done.get().lines().getFirst());
        assertThat(signals)
                .extracting(r -> r.path("sig").asInt() + " " + r.path("tpid").asText() + " "
                        + r.path("result").asInt())
                .containsExactly(
                        "0 " + done.get().lines().getFirst() + " 0",
                        "18 " + done.get().lines().getFirst() + " 0",
                        "0 4194303 -3");
    }

    @Test
    void capableSeesWhatAProcessNeeds() {
        AtomicReference<Workload.Done> done = new AtomicReference<>();
        ToolRun run = ToolRun.beside(
                () -> done.set(Workloads.run("sh", "-c", "echo $$; exec chroot / true")), "capable", "-x", "--json");
        if (!Features.kprobe().isSupported() && !Probes.tracepointExists("capability", "cap_capable")) {
            assertThat(run.refusal()).contains("has no way to see checks of capabilities");
            return;
        }
        run.succeeded();
        assertThat(run.rows("pid", done.get().lines().getFirst())).anySatisfy(r -> {
            assertThat(r.path("name").asText()).isEqualTo("CAP_SYS_CHROOT");
            assertThat(r.path("cap").asInt()).isEqualTo(18);
            assertThat(r.path("uid").asInt()).isZero();
            if (Features.kprobe().isSupported()) {
                assertThat(r.path("audit").asInt()).isOne();
                assertThat(r.path("insetid").asInt()).isZero();
            }
        });
    }
}
