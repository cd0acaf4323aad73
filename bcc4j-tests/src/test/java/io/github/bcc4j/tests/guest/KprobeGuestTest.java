package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.event.PerfBuffer;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.kernel.Features;
import io.github.bcc4j.tests.Conforms;
import io.github.bcc4j.tests.Workloads;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** kprobes and kretprobes, on kernels that have them: every count is exact. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class KprobeGuestTest {
    private static final String COUNT = """
            BPF_HASH(counts, u32, u64);
            int count(struct pt_regs *ctx) {
                counts.increment(bpf_get_current_pid_tgid() >> 32);
                return 0;
            }
            """;

    private static Map<Integer, Long> counts(BPF bpf) {
        return bpf.hash("counts", Integer.class, Long.class);
    }

    @Test
    void countsEveryClone() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            BpfLink link = bpf.attachKprobe(BPF.syscallName("clone"), "count");
            assertThat(link).hasToString("count at p:" + BPF.syscallName("clone"));
            var done = Workloads.forks(50);
            assertThat(counts(bpf)).containsEntry((int) done.pid(), 50L);
        }
    }

    record Cloned(@Unsigned int pid, int child, String comm) {}

    @Test
    void aReturnProbeSeesWhatTheCallReturned() {
        try (BPF bpf = BPF.fromSource("""
                        struct cloned { u32 pid; int child; char comm[16]; };
                        BPF_PERF_OUTPUT(events);
                        int returned(struct pt_regs *ctx) {
                            struct cloned e = {};
                            e.pid = bpf_get_current_pid_tgid() >> 32;
                            e.child = PT_REGS_RC(ctx);
                            bpf_get_current_comm(&e.comm, sizeof(e.comm));
                            events.perf_submit(ctx, &e, sizeof(e));
                            return 0;
                        }
                        """);
                PerfBuffer<Cloned> events = bpf.perfBuffer("events", Cloned.class)) {
            bpf.attachKretprobe(BPF.syscallName("clone"), "returned");
            var done = Workloads.forks(20);
            List<Cloned> mine = new ArrayList<>();
            while (events.poll(Duration.ofMillis(10), (cpu, e) -> {
                        if (e.pid() == done.pid()) {
                            mine.add(e);
                        }
                    })
                    > 0) {}
            assertThat(mine)
                    .extracting(Cloned::child)
                    .containsExactlyInAnyOrderElementsOf(
                            done.lines().stream().map(Integer::valueOf).toList());
            assertThat(mine).extracting(Cloned::comm).containsOnly("sh");
        }
    }

    @Test
    @Conforms("test_trace_maxactive.py TestKprobeMaxactive.test_send1")
    void maxActiveReturnProbesCountTooAndLeaveNoNameBehind() throws IOException {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            bpf.attach(new KprobeSpec(BPF.syscallName("clone"), 0, true, 64), "count");
            bpf.attachKprobe(BPF.syscallName("clone"), "count");
            assertThat(kprobeEvents()).anyMatch(l -> l.startsWith("r64:bcc4j_"));
            var done = Workloads.forks(10);
            assertThat(counts(bpf)).containsEntry((int) done.pid(), 20L);
        }
        assertThat(kprobeEvents()).noneMatch(l -> l.contains("bcc4j_"));
    }

    private static List<String> kprobeEvents() throws IOException {
        return Files.readAllLines(Path.of("/sys/kernel/tracing/kprobe_events"));
    }

    @Test
    void anOffsetIsAnInstructionOfTheFunction() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            String clone = BPF.syscallName("clone");
            // x86-64 functions begin with a 5-byte ftrace nop, behind a 4-byte endbr64 where the kernel has it.
            List<Integer> boundaries = IntStream.of(4, 5)
                    .filter(offset -> {
                        try (BpfLink link = bpf.attachKprobe(clone + "+" + offset, "count")) {
                            return link.isAttached();
                        } catch (AttachException e) {
                            return false;
                        }
                    })
                    .boxed()
                    .toList();
            assertThat(boundaries).isNotEmpty();
            bpf.attachKprobe(clone + "+0x" + boundaries.getFirst(), "count");
            var done = Workloads.forks(7);
            assertThat(counts(bpf)).containsEntry((int) done.pid(), 7L);
        }
    }

    private static List<String> functions(BpfLink link) {
        return link.spec() instanceof KprobesSpec many
                ? many.functions()
                : List.of(((KprobeSpec) link.spec()).function());
    }

    @Test
    void aPatternCountsWhatTheSystemCallsCount() {
        try (BPF bpf = BPF.fromSource("""
                struct where { u32 pid; u64 ip; };
                BPF_HASH(entered, struct where, u64);
                BPF_HASH(reads, u32, u64);
                BPF_HASH(writes, u32, u64);
                int on_entry(struct pt_regs *ctx) {
                    struct where w = {};
                    w.pid = bpf_get_current_pid_tgid() >> 32;
                    w.ip = PT_REGS_IP(ctx);
                    entered.increment(w);
                    return 0;
                }
                TRACEPOINT_PROBE(syscalls, sys_enter_read) {
                    reads.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                TRACEPOINT_PROBE(syscalls, sys_enter_pread64) {     // how ld.so reads libraries; vfs_read as well
                    reads.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                TRACEPOINT_PROBE(syscalls, sys_enter_write) {
                    writes.increment(bpf_get_current_pid_tgid() >> 32);
                    return 0;
                }
                """)) {
            List<BpfLink> links = bpf.attachKprobes(Pattern.compile("vfs_(read|write|open|fsync)"), "on_entry");
            assertThat(links.stream().flatMap(l -> functions(l).stream()))
                    .containsExactlyInAnyOrder("vfs_read", "vfs_write", "vfs_open", "vfs_fsync");
            int pid = (int) Workloads.command("dd if=/dev/zero of=/dev/null bs=1 count=500 status=none")
                    .pid();
            record Where(@Unsigned int pid, long ip) {}
            long calls = bpf.hash("entered", Where.class, Long.class).entrySet().stream()
                    .filter(e -> e.getKey().pid() == pid)
                    .mapToLong(Map.Entry::getValue)
                    .max()
                    .orElse(0);
            long reads = bpf.hash("reads", Integer.class, Long.class).get(pid);
            assertThat(bpf.hash("writes", Integer.class, Long.class)).containsEntry(pid, 500L);
            assertThat(reads).isGreaterThanOrEqualTo(500);
            assertThat(calls).isEqualTo(reads);
        }
    }

    @Test
    @Conforms("test_probe_count.py TestAutoKprobe.test_count")
    void functionsAttachByTheirNames() {
        try (BPF bpf = BPF.fromSource("""
                BPF_ARRAY(counts, u64, 2);
                int kprobe__sys_getppid(struct pt_regs *ctx) {
                    counts.increment(0);
                    return 0;
                }
                int kretprobe__sys_getppid(struct pt_regs *ctx) {
                    counts.increment(1);
                    return 0;
                }
                """)) {
            assertThat(bpf.links()).hasSize(2);
            Workloads.getppids(100);
            assertThat(bpf.array("counts", Long.class).get(0)).isEqualTo(100);
            assertThat(bpf.array("counts", Long.class).get(1)).isEqualTo(100);
        }
    }

    @Test
    @Conforms("test_probe_count.py TestProbeNotExist.test_not_exist")
    void aFunctionThatIsNotThereIsNamed() {
        try (BPF bpf = BPF.fromSource(COUNT)) {
            assertThatThrownBy(() -> bpf.attachKprobe("no_such_function", "count"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach count to p:no_such_function")
                    .hasMessageContaining("no_such_function");
            assertThat(bpf.links()).isEmpty();
        }
    }

    @Test
    void whetherAFunctionCanBeProbedIsKnownFromAKprobeOfAMoment() {
        assertThat(Features.kprobe("vfs_read").state()).isEqualTo(Features.State.SUPPORTED);
        assertThat(Features.kprobe("no_such_function"))
                .isEqualTo(new Features.Result(
                        Features.State.UNSUPPORTED,
                        "a kprobe on no_such_function says ENOENT (No such file or directory)"));
    }
}
