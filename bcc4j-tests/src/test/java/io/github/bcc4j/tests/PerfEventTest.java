package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.PerfEventSpec.Hardware;
import io.github.bcc4j.attach.PerfEventSpec.Software;
import io.github.bcc4j.junit.workload.Workload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs at counters run as often as these count. */
@Tag("native")
class PerfEventTest {
    private static final String COUNT = """
            BPF_HASH(counts, u32, u64);
            BPF_HASH(cpus, u32, u64);
            int count(struct bpf_perf_event_data *ctx) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                cpus.increment(bpf_get_smp_processor_id());
                return 0;
            }
            """;

    /** What bpf_perf_event_data needs. */
    private static final String TEXT = "#include <uapi/linux/bpf_perf_event.h>\n" + COUNT;

    /** Touches as many new pages as its argument says, after all else it does. */
    private static Workload.Done pages(int n) {
        return Workloads.run("/usr/bin/python3", "-c", """
                import mmap, sys
                m = mmap.mmap(-1, %d * 4096)
                m.madvise(mmap.MADV_NOHUGEPAGE)
                for i in range(%d): m[i * 4096] = 1
                """.formatted(n, n));
    }

    private static long count(BPF bpf, long pid) {
        return bpf.hash("counts", Integer.class, Long.class).getOrDefault((int) pid, 0L);
    }

    @Test
    void everyEventOfAProcessIsCounted() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink link = bpf.attachPerfEvent(PerfEventSpec.software(Software.PAGE_FAULTS), "count");
            assertThat(link).hasToString("count at e:page-faults every 1");
            long few = count(bpf, pages(1000).pid());
            long many = count(bpf, pages(6000).pid());
            // Five thousand more, but for what the interpreter does otherwise each time.
            assertThat(many - few).isBetween(4900L, 5100L);
            link.close();
            assertThat(count(bpf, pages(10).pid())).isZero();
        }
    }

    @Test
    void aPeriodOfAHundredCountsAHundredth() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attachPerfEvent(PerfEventSpec.software(Software.PAGE_FAULTS).every(100), "count");
            long samples = count(bpf, pages(10_000).pid());
            assertThat(samples).isBetween(100L, 140L);
        }
    }

    @Test
    @Conforms("test_attach_perf_event.py TestPerfAttachRaw.test_attach_raw_sw_event")
    void theAddressOfEachFaultIsKnown() {
        try (BPF bpf = BPF.fromSource("""
                #include <uapi/linux/bpf_perf_event.h>
                BPF_HASH(faults, u64, u64, 100000);
                int count(struct bpf_perf_event_data *ctx) {
                    char comm[16];
                    bpf_get_current_comm(&comm, sizeof(comm));
                    if (comm[0] == 'p' && comm[6] == '3')
                        faults.increment(ctx->addr & ~4095ull);
                    return 0;
                }
                """)) {
            bpf.attachPerfEvent(PerfEventSpec.of(1, 2).excluding(PerfEventSpec.EXCLUDE_KERNEL), "count"); // page faults
            List<String> said = Workloads.run("/usr/bin/python3", "-c", """
                            import ctypes, mmap
                            m = mmap.mmap(-1, 200 * 4096)
                            m.madvise(mmap.MADV_NOHUGEPAGE)
                            start = ctypes.addressof(ctypes.c_char.from_buffer(m))
                            for i in range(0, 200, 2): ctypes.memset(start + i * 4096, 1, 1)
                            print(start)
                            """).lines();
            long start = Long.parseLong(said.getFirst());
            Map<Long, Long> faults = bpf.hash("faults", Long.class, Long.class);
            for (int i = 0; i < 200; i++) {
                assertThat(faults.get(start + i * 4096L)).isEqualTo(i % 2 == 0 ? 1L : null);
            }
        }
    }

    @Test
    @Conforms("test_perf_event.py TestPerfCounter.test_cycles")
    void whatACallTookIsCounted() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PERF_ARRAY(counter, 64);
                BPF_ARRAY(before, u64, 64);
                BPF_HISTOGRAM(taken);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    u32 cpu = bpf_get_smp_processor_id();
                    u64 now = counter.perf_read(CUR_CPU_IDENTIFIER);
                    if ((s64)now < 0 && (s64)now > -256)
                        return 0;
                    before.update(&cpu, &now);
                    return 0;
                }
                TRACEPOINT_PROBE(syscalls, sys_exit_getppid) {
                    u32 cpu = bpf_get_smp_processor_id();
                    u64 now = counter.perf_read(CUR_CPU_IDENTIFIER), *then = before.lookup(&cpu);
                    if ((s64)now < 0 && (s64)now > -256)
                        return 0;
                    if (then && *then)
                        taken.increment(bpf_log2l(now - *then));
                    return 0;
                }
                """)) {
            Workloads.getppids(10);
            assertThat(bpf.histogram("taken").slots()).isEmpty();
            try (var counters = bpf.counters("counter", PerfEventSpec.software(Software.CPU_CLOCK))) {
                Workloads.getppids(100);
                long[] slots = bpf.histogram("taken").slots();
                assertThat(LongStream.of(slots).sum()).isBetween(100L, 110L); // others call it too, though rarely
                assertThat(bpf.histogram("taken").log2("ns")).contains("distribution");
                assertThat(counters.read().values()).allMatch(n -> n > 0);
            }
        }
    }

    @Test
    void samplingReachesEveryCpu() {
        int cpus = Runtime.getRuntime().availableProcessors();
        try (BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attachPerfEvent(PerfEventSpec.software(Software.CPU_CLOCK).perSecond(999), "count");
            List<Workload.Done> done = IntStream.range(0, cpus)
                    .mapToObj(c -> Workloads.run("taskset", "-c", String.valueOf(c), "/usr/bin/python3", "-c", """
                            import time
                            end = time.process_time() + 0.3
                            while time.process_time() < end: pass
                            """))
                    .toList();
            done.forEach(d -> assertThat(count(bpf, d.pid())).isBetween(100L, 1000L));
            Map<Integer, Long> seen = bpf.hash("cpus", Integer.class, Long.class);
            assertThat(seen.keySet())
                    .containsAll(IntStream.range(0, cpus).boxed().toList());
        }
    }

    @Test
    void oneCpuAloneIsSampledIfOneIsMeant() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attachPerfEvent(
                    PerfEventSpec.software(Software.CPU_CLOCK).perSecond(999).onCpu(0), "count");
            Workloads.run("taskset", "-c", "0", "/usr/bin/python3", "-c", "sum(range(3000000))");
            assertThat(bpf.hash("cpus", Integer.class, Long.class)).containsOnlyKeys(0);
        }
    }

    @Test
    void aProcessIsFollowedAndItsChildrenIfAskedFor() throws Exception {
        for (boolean inherited : new boolean[] {false, true}) {
            Process shell = new ProcessBuilder(
                            "sh",
                            "-c",
                            "echo ready; read x; y=$(printf %0300000d 0); /usr/bin/python3 -c 'bytearray(40000000)'; true")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            assertThat(shell.getInputStream().read()).isEqualTo('r');
            PerfEventSpec faults = PerfEventSpec.software(Software.PAGE_FAULTS).inProcess((int) shell.pid());
            try (BPF bpf = BPF.fromSource(TEXT)) {
                bpf.attachPerfEvent(inherited ? faults.inherited() : faults, "count");
                shell.getOutputStream().write('\n');
                shell.getOutputStream().close();
                assertThat(shell.waitFor()).isZero();
                Map<Integer, Long> counts = bpf.hash("counts", Integer.class, Long.class);
                assertThat(counts).containsKey((int) shell.pid()).hasSize(inherited ? 3 : 1);
            }
        }
    }

    @Test
    void aMachineWithoutCountersSaysSo() {
        Assumptions.assumeFalse(
                Files.exists(Path.of("/sys/bus/event_source/devices/cpu")),
                "this machine has counters of its processor");
        try (BPF bpf = BPF.fromSource(TEXT)) {
            assertThatThrownBy(() -> bpf.attachPerfEvent(
                            PerfEventSpec.hardware(Hardware.CPU_CYCLES).every(1_000_000), "count"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageStartingWith("attach count to e:cpu-cycles every 1000000: ENOENT")
                    .hasMessageContaining("no counters of its processor")
                    .hasMessageContaining("software events such as cpu-clock work everywhere");
            assertThat(bpf.links()).isEmpty();
        }
    }

    @Test
    void whatTheKernelRefusesIsExplained() {
        try (BPF bpf = BPF.fromSource(TEXT)) {
            PerfEventSpec clock = PerfEventSpec.software(Software.CPU_CLOCK);
            assertThatThrownBy(() -> bpf.attachPerfEvent(clock.perSecond(10_000_000), "count"))
                    .hasMessageContaining("EINVAL")
                    .hasMessageContaining("kernel.perf_event_max_sample_rate, now "
                            + Workloads.run("sysctl", "-n", "kernel.perf_event_max_sample_rate")
                                    .lines()
                                    .getFirst() + " ");
            assertThatThrownBy(() -> bpf.attachPerfEvent(clock.perSecond(99).onCpu(1000), "count"))
                    .hasMessageContaining("on CPU 1000")
                    .hasMessageContaining("CPU 1000 is not online; online are {0");
            assertThatThrownBy(() -> bpf.attachPerfEvent(clock.perSecond(99).inProcess(4_194_303), "count"))
                    .hasMessageContaining("ESRCH")
                    .hasMessageContaining("there is no such process");
            assertThatThrownBy(() -> bpf.attachPerfEvent(PerfEventSpec.of(1, 99), "count"))
                    .hasMessageContaining("e:1/0x63")
                    .hasMessageContaining("this kernel has no such event");
        }
    }
}
