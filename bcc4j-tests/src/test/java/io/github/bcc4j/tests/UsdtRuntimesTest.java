package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.Usdt;
import io.github.bcc4j.attach.UsdtProbe;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.junit.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The static probes that HotSpot and Python come with. */
@Tag("native")
class UsdtRuntimesTest {
    private static final Path LIBJVM = Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");

    /** The child: starts seven threads, of which two are daemons, one after the other, and collects garbage three times. */
    static final class Threads {
        private Threads() {}

        public static void main(String[] args) throws InterruptedException {
            for (int i = 0; i < 7; i++) {
                Thread t = new Thread(() -> {}, "bcc4j-" + i);
                t.setDaemon(i % 3 == 1);
                t.start();
                t.join();
            }
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
        }
    }

    record Started(String name, int length, boolean daemon) {}

    private static Workload.Done java(String... flags) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xshare:auto"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Threads.class.getName()));
        return Workloads.run(command.toArray(String[]::new));
    }

    @Test
    void hotSpotTellsOfItsThreads() {
        Usdt usdt = Usdt.of(LIBJVM.toString()).enable("hotspot:thread__start", "on_start");
        try (BPF bpf = BPF.fromSource("""
                        struct started { char name[32]; int length; bool daemon; };
                        BPF_PERF_OUTPUT(events);
                        int on_start(struct pt_regs *ctx) {
                            struct started e = {};
                            bpf_usdt_readarg(2, ctx, &e.length);
                            bpf_usdt_readarg(5, ctx, &e.daemon);
                            bpf_usdt_readarg_p(1, ctx, &e.name, sizeof(e.name));
                            if (e.name[0] == 'b' && e.name[1] == 'c' && e.name[2] == 'c')
                                events.perf_submit(ctx, &e, sizeof(e));
                            return 0;
                        }
                        """, CompilerOptions.DEFAULT, usdt);
                PerfBuffer<Started> events = bpf.perfBuffer("events", Started.class)) {
            java();
            List<Started> seen = new ArrayList<>();
            while (events.poll(Duration.ofMillis(10), (cpu, e) -> seen.add(e)) > 0) {}
            List<Started> expected = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                expected.add(new Started("bcc4j-" + i, 7, i % 3 == 1));
            }
            assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void hotSpotTellsOfItsCollectionsAndCopiesOfAProbeAreAllAttached() {
        Usdt usdt =
                Usdt.of(LIBJVM.toString()).enable("hotspot:gc__begin", "on_gc").enable("gc__end", "on_end");
        UsdtProbe begin = usdt.probes().stream()
                .filter(p -> p.fullName().equals("hotspot:gc__begin"))
                .findFirst()
                .orElseThrow();
        assertThat(begin.locations()).hasSizeGreaterThan(1);
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(counts, u32, u64);
                int on_gc(struct pt_regs *ctx) {
                    u8 full = 0;
                    if (bpf_usdt_readarg(1, ctx, &full) == 0 && full)
                        counts.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                BPF_HASH(ends, u32, u64);
                int on_end(struct pt_regs *ctx) {
                    ends.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                """, CompilerOptions.DEFAULT, usdt)) {
            int pid = (int) java("-XX:+UseSerialGC").pid();
            assertThat(bpf.hash("counts", Integer.class, Long.class)).containsEntry(pid, 3L);
            assertThat(bpf.hash("ends", Integer.class, Long.class)).containsEntry(pid, 3L);
        }
    }

    @Test
    void everyArgumentOfHotSpotIsUnderstood() {
        assertThat(Usdt.of(LIBJVM.toString()).probes())
                .hasSizeGreaterThan(400)
                .flatExtracting(UsdtProbe::locations)
                .flatExtracting(UsdtProbe.Location::arguments)
                .extracting(a -> a.operand().getClass().getSimpleName())
                .doesNotContain("Unreadable");
    }

    record Name(String text) {}

    @Test
    void pythonTellsOfItsAuditEvents() {
        Usdt usdt = Usdt.of("/usr/bin/python3").enable("python:audit", "on_audit");
        try (BPF bpf = BPF.fromSource("""
                struct name { char text[16]; };
                BPF_HASH(calls, struct name, u64);
                int on_audit(struct pt_regs *ctx) {
                    struct name n = {};
                    u64 at = 0;
                    bpf_usdt_readarg(1, ctx, &at);
                    bpf_probe_read_user_str(&n.text, sizeof(n.text), (void *)at);
                    if (n.text[0] == 'b' && n.text[1] == '4')
                        calls.increment(n);
                    return 0;
                }
                """, CompilerOptions.DEFAULT, usdt)) {
            Workloads.run("/usr/bin/python3", "-c", """
                    import sys
                    for _ in range(23): sys.audit("b4_often")
                    sys.audit("b4_rarely")
                    """);
            assertThat(bpf.hash("calls", Name.class, Long.class))
                    .containsOnly(Map.entry(new Name("b4_often"), 23L), Map.entry(new Name("b4_rarely"), 1L));
        }
    }
}
