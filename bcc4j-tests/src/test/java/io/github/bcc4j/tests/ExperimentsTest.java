package io.github.bcc4j.tests;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Events;
import io.github.bcc4j.junit.KernelFeature;
import io.github.bcc4j.junit.Recording;
import io.github.bcc4j.junit.RequiresCapability;
import io.github.bcc4j.junit.RequiresFeature;
import io.github.bcc4j.junit.RequiresKernel;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.junit.workload.MountedFolder;
import io.github.bcc4j.junit.workload.Netns;
import io.github.bcc4j.junit.workload.Workload;
import io.github.bcc4j.junit.workload.Workloads;
import io.github.bcc4j.kernel.Privileges.Capability;
import io.github.bcc4j.table.BpfArray;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfHistogram;
import io.github.bcc4j.type.Unsigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of docs/experiments.md: each of its Java blocks stands here, and runs. */
@Tag("native")
@Timeout(120)
class ExperimentsTest {
    @Test
    void everyExampleOfTheDocumentIsHere() throws IOException {
        Path module = Path.of("").toAbsolutePath();
        String document = Files.readString(module.resolveSibling("docs/experiments.md"));
        String here =
                squeezed(Files.readString(module.resolve("src/test/java/io/github/bcc4j/tests/ExperimentsTest.java")));
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map(MatchResult::group)
                .map(b -> squeezed(b.substring("```java\n".length(), b.length() - 3)))
                .toList();
        assertThat(blocks)
                .hasSizeGreaterThan(5)
                .allSatisfy(block -> assertThat(here).contains(block));
    }

    /** Neither line breaks nor indentation matter. */
    private static String squeezed(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    // A first experiment.
    @BpfTest("""
            struct exec { u32 parent; u32 pid; char comm[16]; };
            BPF_PERF_OUTPUT(execs);
            TRACEPOINT_PROBE(sched, sched_process_exec) {
                struct task_struct *task = (struct task_struct *)bpf_get_current_task();
                struct exec e = { .parent = task->real_parent->tgid, .pid = args->pid };
                bpf_get_current_comm(&e.comm, sizeof(e.comm));
                execs.perf_submit(args, &e, sizeof(e));
                return 0;
            }
            """)
    static class ShellTest {
        record Exec(@Unsigned int parent, @Unsigned int pid, String comm) {}

        @Test
        void aShellExecutesEachCommandInAChild(@Events("execs") Recording<Exec> execs, Workloads workloads) {
            Workload.Done shell = workloads.run(Workload.execs(3));
            assertThat(execs)
                    .filteredOn(e -> e.parent() == shell.pid())
                    .extracting(Exec::comm)
                    .containsExactlyInAnyOrder("true", "true", "true");
            assertThat(execs).noneLost();
        }
    }

    @Nested
    class Shell extends ShellTest {}

    // Tables.
    @Nested
    @BpfTest("""
            BPF_HASH(calls, u32, u64);
            BPF_HISTOGRAM(sizes);
            TRACEPOINT_PROBE(syscalls, sys_enter_write) {
                if (args->fd != 1)
                    return 0;
                calls.increment(bpf_get_current_pid_tgid());
                sizes.atomic_increment(bpf_log2l(args->count));
                return 0;
            }
            """)
    class Tables {
        @Test
        void aShellWritesEachLineByItself(
                @Table("calls") BpfHash<Integer, Long> calls, @Table("sizes") BpfHistogram<Void> sizes) {
            Workload.Done done =
                    Workload.shell("for i in 1 2 3 4 5; do echo $i; done").run();
            assertThat(done.lines()).containsExactly("1", "2", "3", "4", "5");
            assertThat(calls).containsEntry((int) done.pid(), 5L);
            assertThat(sizes).hasTotalOfAtLeast(5); // others write, too
        }
    }

    // What comes later.
    @Nested
    @BpfTest("""
            BPF_HASH(samples, u32, u64);
            int on_sample(void *ctx) { samples.increment(bpf_get_current_pid_tgid()); return 0; }
            """)
    class Later {
        @Test
        void aBusyThreadIsSampled(BPF bpf, Workloads workloads, @Table("samples") BpfHash<Integer, Long> samples) {
            bpf.attachPerfEvent(
                    PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK).perSecond(199), "on_sample");
            Workloads.Background busy = workloads.start(Workload.burnCpu(ofSeconds(1)));
            assertThat(samples)
                    .within(ofSeconds(10))
                    .entriesSatisfy(s -> assertThat(s.values()).anyMatch(n -> n > 10));
            int thread = (int) busy.await().tid();
            assertThat(samples).containsKey(thread);
        }
    }

    // Where the text comes from.
    @Nested
    class Sources {
        @Test
        @BpfTest(method = "counter")
        void options(@Table("counts") BpfArray<Long> counts) {
            assertThat(counts).hasSize(16);
        }

        static CompiledModule counter() {
            return Compiler.compile("BPF_ARRAY(counts, u64, SLOTS);", CompilerOptions.DEFAULT.define("SLOTS", 16));
        }
    }

    // What an experiment requires.
    @Nested
    @RequiresKernel(min = "5.8")
    @RequiresFeature({KernelFeature.RING_BUFFER, KernelFeature.TRACEPOINT})
    @RequiresCapability(Capability.CAP_BPF)
    @BpfTest("""
            struct event { u64 n; };
            BPF_RINGBUF_OUTPUT(events, 1);
            BPF_ARRAY(lost, u64, 1);
            TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                struct event e = { .n = bpf_get_current_pid_tgid() & 0xffffffff };
                if (events.ringbuf_output(&e, sizeof(e), 0))
                    lost.atomic_increment(0);
                return 0;
            }
            """)
    class Rings {
        record Event(long n) {}

        @Test
        void nothingIsLostWhileSomebodyReads(
                @Events(value = "events", lost = "lost", capacity = 2_000) Recording<Event> events) {
            for (int i = 0; i < 10; i++) {
                long thread = Workload.syscalls("getppid", 100).run().tid();
                assertThat(events).filteredOn(e -> e.n() == thread).hasCount(100 * (i + 1));
            }
            assertThat(events).noneLost();
        }
    }

    // Packets of one's own.
    @Nested
    @BpfTest("""
            #include <uapi/linux/if_ether.h>
            BPF_ARRAY(packets, u64, 1);
            int only_ipv4(struct xdp_md *ctx) {
                struct ethhdr *ethernet = (void *)(long)ctx->data;
                if ((void *)(ethernet + 1) > (void *)(long)ctx->data_end)
                    return XDP_DROP;
                packets.atomic_increment(0);
                return ethernet->h_proto == htons(ETH_P_IP) ? XDP_PASS : XDP_DROP;
            }
            """)
    class Packets {
        private static final int XDP_DROP = 1;
        private static final int XDP_PASS = 2;

        @Test
        void withoutANetwork(BPF bpf, @Table("packets") BpfArray<Long> packets) {
            byte[] packet = new byte[60];
            var program = bpf.program("only_ipv4", ProgramType.XDP);
            assertThat(program.testRun(packet)).isEqualTo(XDP_DROP);
            packet[12] = 8; // 0x0800, IPv4
            assertThat(program.testRun(packet, 9).result()).isEqualTo(XDP_PASS);
            assertThat(packets).containsOnly(Map.entry(0, 10L));
        }

        @Test
        void betweenTwoHosts(BPF bpf, @Table("packets") BpfArray<Long> packets) {
            try (Netns net = Netns.pair()) {
                bpf.attach(new XdpSpec(net.right().device(), XdpSpec.Mode.GENERIC), "only_ipv4");
                net.left().datagrams(7).run();
                assertThat(packets).within(ofSeconds(5)).containsOnly(Map.entry(0, 7L));
            }
        }
    }

    // A file system of one's own.
    @Nested
    @BpfTest("""
            BPF_HASH(unlinked, u64, u64);
            TRACEPOINT_PROBE(syscalls, sys_exit_unlink) {
                unlinked.increment(args->ret);
                return 0;
            }
            """)
    class FileSystems {
        @Test
        void aFullFileSystemStillDeletes(@Table("unlinked") BpfHash<Long, Long> unlinked) throws IOException {
            try (MountedFolder folder = MountedFolder.tmpfs(64 * 1024)) {
                Path file = Files.write(folder.path().resolve("large"), new byte[64 * 1024]);
                Files.delete(file);
            }
            assertThat(unlinked).hasValueSatisfying(0L, n -> assertThat(n).isPositive());
        }
    }
}
