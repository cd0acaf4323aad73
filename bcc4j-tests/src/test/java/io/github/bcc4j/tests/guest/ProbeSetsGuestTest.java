package io.github.bcc4j.tests.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.attach.KprobeSpec;
import io.github.bcc4j.attach.KprobesSpec;
import io.github.bcc4j.junit.OnKernels;
import io.github.bcc4j.symbol.KernelSymbols;
import io.github.bcc4j.symbol.Symbol;
import io.github.bcc4j.tests.Conforms;
import io.github.bcc4j.tests.Workloads;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Probes at many functions, and of what they see: requests of disks, switches of tasks, stacks. */
@OnKernels({"6.1", "6.12"})
@Tag("vm")
public class ProbeSetsGuestTest {
    private static final String NOTHING = "int nothing(void *ctx) { return 0; }";

    private static List<String> functions(List<BpfLink> links) {
        return links.stream()
                .flatMap(l -> l.spec() instanceof KprobesSpec many
                        ? many.functions().stream()
                        : Stream.of(((KprobeSpec) l.spec()).function()))
                .toList();
    }

    @Test
    @Conforms("test_probe_count.py TestKprobeCnt.test_attach1")
    void aPatternReachesEveryFunctionThatTheTracerLists() throws IOException {
        List<String> traceable;
        try (Stream<String> lines = Files.lines(Path.of("/sys/kernel/tracing/available_filter_functions"))) {
            traceable = lines.map(l -> l.split(" ")[0])
                    .filter(l -> l.startsWith("vfs_"))
                    .toList();
        }
        try (BPF bpf = BPF.fromSource(NOTHING)) {
            assertThat(functions(bpf.attachKprobes(Pattern.compile("vfs_.*"), "nothing")))
                    .hasSizeGreaterThan(40)
                    .containsExactlyInAnyOrderElementsOf(traceable);
        }
    }

    @Test
    @Conforms("test_probe_count.py TestProbeGlobalCnt.test_probe_quota")
    void everyModuleHasLinksOfItsOwn() {
        BPF first = BPF.fromSource(NOTHING);
        BPF second = BPF.fromSource(NOTHING);
        try (first;
                second) {
            first.attachKprobe("schedule", "nothing");
            second.attachKprobe("submit_bio", "nothing");
            assertThat(first.links()).singleElement().hasToString("nothing at p:schedule");
            assertThat(second.links()).singleElement().hasToString("nothing at p:submit_bio");
            first.close();
            assertThat(first.links()).isEmpty();
            assertThat(second.links()).hasSize(1);
        }
        assertThat(second.links()).isEmpty();
    }

    record Index(int index) {}

    record Count(long count) {}

    @Test
    @Conforms("test_trace4.py TestKprobeRgx.test_send1")
    void aPatternOfSystemCallsCountsEntriesAndReturns() {
        try (BPF bpf = BPF.fromSource("""
                typedef struct { int index; } key;
                typedef struct { u64 count; } value;
                BPF_HASH(stats, key, value, 3);
                static inline void count(int index) {
                    char comm[16];
                    bpf_get_current_comm(&comm, sizeof(comm));
                    if (comm[0] != 'p' || comm[6] != '3')
                        return;
                    value *v = stats.lookup_or_try_init(&(key){index}, &(value){0});
                    if (v)
                        v->count++;
                }
                int hello(void *ctx) { count(1); return 0; }
                int goodbye(void *ctx) { count(2); return 0; }
                """)) {
            String prefix = BPF.syscallName("getpgid").replaceAll("getpgid$", "");
            Pattern calls = Pattern.compile(prefix + "getpgi.*");
            assertThat(functions(bpf.attachKprobes(calls, "hello"))).containsExactly(prefix + "getpgid");
            assertThat(functions(bpf.attachKretprobes(calls, "goodbye"))).containsExactly(prefix + "getpgid");
            Workloads.run("/usr/bin/python3", "-c", "import os\nfor _ in range(77): os.getpgid(0)");
            assertThat(bpf.hash("stats", Index.class, Count.class))
                    .containsOnly(Map.entry(new Index(1), new Count(77)), Map.entry(new Index(2), new Count(77)));
        }
    }

    @Test
    @Conforms("test_trace4.py TestKprobeReplace.test_periods")
    void namesOfFunctionsMayHaveDots() {
        try (BPF bpf = BPF.fromSource(NOTHING)) {
            List<String> parted = BPF.kprobeFunctions(Pattern.compile("\\w+\\.(isra|constprop|part)\\.\\d+"));
            BpfLink one = bpf.attachKprobeFirst(parted, "nothing");
            assertThat(((KprobeSpec) one.spec()).function()).contains(".").isIn(parted);
            String base = ((KprobeSpec) one.spec()).function().replaceAll("\\..*", "");
            assertThat(functions(bpf.attachKprobes(Pattern.compile(base + "\\..*"), "nothing")))
                    .contains(((KprobeSpec) one.spec()).function());
        }
    }

    record Counters(byte unused, BigInteger switches) {}

    @Test
    @Conforms("test_trace2.py TestTracingEvent.test_sched1")
    void switchesOfTasksAreCountedIn128Bits() {
        try (BPF bpf = BPF.fromSource("""
                struct counters { char unused; __int128 switches; };
                BPF_HASH(stats, u64, struct counters, 1024);
                int on_switch(struct pt_regs *ctx) {
                    u64 task = PT_REGS_PARM1(ctx);
                    struct counters zero;
                    memset(&zero, 0, sizeof(zero));
                    struct counters *c = stats.lookup_or_try_init(&task, &zero);
                    if (c)
                        c->switches++;
                    return 0;
                }
                """)) {
            assertThat(bpf.attachKprobes(Pattern.compile("finish_task_switch(\\.isra\\.\\d+)?"), "on_switch"))
                    .hasSize(1);
            Workloads.run("/usr/bin/python3", "-c", "import time\nfor _ in range(100): time.sleep(0.001)");
            BigInteger all = bpf.hash("stats", Long.class, Counters.class).values().stream()
                    .map(Counters::switches)
                    .reduce(BigInteger.ZERO, BigInteger::add);
            assertThat(all).isGreaterThanOrEqualTo(BigInteger.valueOf(100));
        }
    }

    @Test
    @Conforms("test_trace3.py TestBlkRequest.test_blk1")
    void requestsOfADiskAreTimed() {
        Workloads.shell("modprobe null_blk nr_devices=1 && test -b /dev/nullb0");
        try (BPF bpf = BPF.fromSource("""
                BPF_HASH(started, u64, u64);
                BPF_HISTOGRAM(latency);
                int start(struct pt_regs *ctx) {
                    u64 request = PT_REGS_PARM1(ctx), now = bpf_ktime_get_ns();
                    started.update(&request, &now);
                    return 0;
                }
                int done(struct pt_regs *ctx) {
                    u64 request = PT_REGS_PARM1(ctx), *then = started.lookup(&request);
                    if (!then)
                        return 0;
                    latency.increment(bpf_log2l((bpf_ktime_get_ns() - *then) / 1000));
                    started.delete(&request);
                    return 0;
                }
                """)) {
            bpf.attachKprobe("blk_mq_start_request", "start");
            bpf.attachKprobe("blk_update_request", "done");
            Workloads.shell("dd if=/dev/zero of=/dev/nullb0 bs=8192 count=30 oflag=direct status=none");
            assertThat(Arrays.stream(bpf.histogram("latency").slots()).sum()).isEqualTo(30);
            assertThat(bpf.hash("started", Long.class, Long.class)).isEmpty();
        }
    }

    @Test
    @Conforms("test_stackid.py TestStackid.test_simple")
    void aStackBeginsWithTheFunctionThatIsProbed() {
        try (BPF bpf = BPF.fromSource("""
                BPF_STACK_TRACE(stacks, 1024);
                BPF_HASH(ids, u32, s64);
                int kprobe__sys_getppid(struct pt_regs *ctx) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    s64 id = stacks.get_stackid(ctx, BPF_F_REUSE_STACKID);
                    ids.update(&pid, &id);
                    return 0;
                }
                """)) {
            int pid = (int) Workloads.getppids(3).pid();
            long id = bpf.hash("ids", Integer.class, Long.class).get(pid);
            long[] stack = bpf.stackTraces("stacks").addresses(id);
            KernelSymbols symbols = KernelSymbols.current();
            long offset = symbols.resolve(stack[0]).map(Symbol::offset).orElseThrow();
            assertThat(offset).isLessThan(16);
            assertThat(symbols.address(BPF.syscallName("getppid"))).hasValue(stack[0] - offset);
        }
    }
}
