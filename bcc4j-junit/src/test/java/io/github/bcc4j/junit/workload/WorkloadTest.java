package io.github.bcc4j.junit.workload;

import static io.github.bcc4j.junit.assertj.BpfAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.BPF;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.junit.BpfTest;
import io.github.bcc4j.junit.Table;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.type.Unsigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs count what workloads say they have done. */
@Tag("native")
@Timeout(60)
@BpfTest("""
        BPF_HASH(forks, u32, u64);
        RAW_TRACEPOINT_PROBE(sched_process_fork) {
            forks.increment(bpf_get_current_pid_tgid() >> 32);
            return 0;
        }
        BPF_HASH(execs, u32, u64);
        TRACEPOINT_PROBE(sched, sched_process_exec) {
            execs.increment(args->pid);
            return 0;
        }
        struct name { char text[64]; };
        struct opened { u32 tid; char path[64]; };
        BPF_HASH(opens, struct opened, u64);
        TRACEPOINT_PROBE(syscalls, sys_enter_openat) {
            struct opened o = { .tid = bpf_get_current_pid_tgid() };
            bpf_probe_read_user_str(o.path, sizeof(o.path), args->filename);
            opens.increment(o);
            return 0;
        }
        BPF_HASH(calls, u32, u64);
        TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
            calls.increment(bpf_get_current_pid_tgid());
            return 0;
        }
        BPF_HASH(connects, u32, u64);
        TRACEPOINT_PROBE(syscalls, sys_enter_connect) {
            connects.increment(bpf_get_current_pid_tgid());
            return 0;
        }
        BPF_HASH(accepts, u32, u64);
        TRACEPOINT_PROBE(syscalls, sys_exit_accept) {
            if (args->ret >= 0)
                accepts.increment(bpf_get_current_pid_tgid());
            return 0;
        }
        TRACEPOINT_PROBE(syscalls, sys_exit_accept4) {
            if (args->ret >= 0)
                accepts.increment(bpf_get_current_pid_tgid());
            return 0;
        }
        struct size { u64 tid; u64 bytes; };
        BPF_HASH(sizes, struct size, u64);
        int on_malloc(struct pt_regs *ctx) {
            struct size s = { .tid = (u32)bpf_get_current_pid_tgid(), .bytes = PT_REGS_PARM1(ctx) };
            sizes.increment(s);
            return 0;
        }
        """)
class WorkloadTest {
    record Opened(@Unsigned int tid, String path) {}

    record Size(long tid, long bytes) {}

    @Test
    void forks(@Table("forks") BpfHash<Integer, Long> forks, @Table("execs") BpfHash<Integer, Long> execs) {
        Workload.Done done = Workload.forks(7).run();
        assertThat(forks).containsEntry((int) done.pid(), 7L);
        assertThat(done.count()).isEqualTo(7);
        assertThat(done.lines()).hasSize(7).doesNotHaveDuplicates();
        done.lines().forEach(child -> assertThat(execs).doesNotContainKey(Integer.valueOf(child)));
    }

    @Test
    void execs(@Table("forks") BpfHash<Integer, Long> forks, @Table("execs") BpfHash<Integer, Long> execs) {
        Workload.Done done = Workload.execs(5).run();
        assertThat(forks).containsEntry((int) done.pid(), 5L);
        assertThat(done.lines()).hasSize(5);
        done.lines().forEach(child -> assertThat(execs).containsEntry(Integer.valueOf(child), 1L));
    }

    @Test
    void opens(@Table("opens") BpfHash<Opened, Long> opens, @TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("f"));
        opens.clear();
        Workload.Done done = Workload.opens(file, 9).run();
        assertThat(opens).containsEntry(new Opened((int) done.tid(), file.toString()), 9L);
        assertThatThrownBy(() -> Workload.opens(folder.resolve("none"), 1).run())
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("NoSuchFileException: " + folder);
    }

    @Test
    void syscalls(@Table("calls") BpfHash<Integer, Long> calls) {
        Workload.Done done = Workload.syscalls("getppid", 1234).run();
        assertThat(calls).containsEntry((int) done.tid(), 1234L);
        assertThat(done.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThatThrownBy(() -> Workload.syscalls("exit", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("\"exit\"; those are getegid, geteuid, getgid, getpid, getppid, gettid, getuid,"
                        + " sched_yield");
        assertThatThrownBy(() -> Workload.syscalls("getpid", 0))
                .hasMessage("a workload does its work once at least, not 0 times");
    }

    @Test
    void connections(
            @Table("connects") BpfHash<Integer, Long> connects, @Table("accepts") BpfHash<Integer, Long> accepts) {
        Workload.Done done = Workload.tcpConnections(6).run();
        assertThat(connects).containsEntry((int) done.tid(), 6L);
        assertThat(accepts).containsEntry((int) done.tid(), 6L);
        assertThat(Integer.parseInt(done.lines().getFirst())).isBetween(1, 65535);
    }

    @Test
    void allocations(BPF bpf, @Table("sizes") BpfHash<Size, Long> sizes) {
        bpf.attachUprobe("c", "malloc", "on_malloc");
        Workload.Done done = Workload.allocations(71_234, 11).run();
        assertThat(sizes).containsEntry(new Size(done.tid(), 71_234), 11L);
    }

    @Test
    void aBusyCpu() {
        long begin = System.nanoTime();
        assertThat(Workload.burnCpu(Duration.ofMillis(20)).run().count()).isPositive();
        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void beside(Workloads workloads, @Table("calls") BpfHash<Integer, Long> calls) {
        Workloads.Background background = workloads.start(Workload.syscalls("getppid", 50));
        Workload.Done done = background.await();
        assertThat(background.isDone()).isTrue();
        assertThat(calls).containsEntry((int) done.tid(), 50L);
        Workloads.Background failing = workloads.start(Workload.shell("echo no >&2; exit 3"));
        assertThatThrownBy(failing::await)
                .isInstanceOf(WorkloadException.class)
                .hasMessage("the workload failed: \"sh -c echo no >&2; exit 3\" ended with status 3: no");
        assertThatThrownBy(() -> workloads.run(Workload.command("/no/such", "command")))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("can't start \"/no/such command\": ")
                .hasMessageContaining("No such file");
    }

    @Test
    @BpfTest("""
            BPF_ARRAY(packets, u64, 1);
            int count(struct xdp_md *ctx) {
                packets.atomic_increment(0);
                return XDP_PASS;
            }
            BPF_HASH(connects, u32, u64);
            """)
    void twoHosts(BPF bpf) throws Exception {
        Path left;
        try (Netns net = Netns.pair()) {
            left = net.left().namespace();
            assertThat(left).exists();
            bpf.attachXdp("lo", "count").close();
            bpf.attach(new XdpSpec(net.right().device(), XdpSpec.Mode.AUTO), "count");
            assertThat(net.left().datagrams(5).run().count()).isEqualTo(5);
            assertThat(bpf.array("packets", Long.class))
                    .within(Duration.ofSeconds(5))
                    .containsOnly(Map.entry(0, 5L));
            List<String> addresses =
                    net.right().run("ip", "-o", "-4", "address").lines();
            assertThat(addresses).anyMatch(l -> l.contains(net.right().address() + "/24"));
            Workload.Done there =
                    net.left().on(Workload.command("ip", "-o", "-4", "address")).run();
            assertThat(there.lines()).anyMatch(l -> l.contains("10.99.0.1/24"));
            assertThat(net.left().on(Workload.tcpConnections(2)).run().count()).isEqualTo(2);
            assertThatThrownBy(() -> net.right().call(() -> {
                        throw new IllegalStateException("there");
                    }))
                    .isInstanceOf(WorkloadException.class)
                    .hasMessage("on host 10.99.0.2: java.lang.IllegalStateException: there");
            assertThatThrownBy(() -> net.right().run("false"))
                    .hasMessageMatching("\"ip netns exec bcc4j\\d+n\\d+right false\" ended with status 1: ");
        }
        assertThat(left).doesNotExist();
    }

    @Test
    @BpfTest
    void whatAKilledProcessLeftIsRemoved() {
        long dead = Workload.shell("true").run().pid();
        Workload.command("ip", "netns", "add", "bcc4j" + dead + "n1left").run();
        Path left = Path.of("/run/netns/bcc4j" + dead + "n1left");
        assertThat(left).exists();
        Netns net = Netns.pair();
        net.close();
        net.close();
        assertThat(left).doesNotExist();
        assertThatThrownBy(() -> net.right().call(() -> null))
                .isInstanceOf(WorkloadException.class)
                .hasMessageMatching("can't enter the network namespace /run/netns/bcc4j\\d+n\\d+right: errno 2");
    }

    @Test
    @BpfTest
    void fileSystems() throws Exception {
        for (boolean loop : List.of(false, true)) {
            Path path;
            try (MountedFolder folder = loop ? MountedFolder.loop("ext4", 4 << 20) : MountedFolder.tmpfs(1 << 20)) {
                path = folder.path();
                assertThat(Files.getFileStore(path).type()).isEqualTo(loop ? "ext4" : "tmpfs");
                Files.writeString(path.resolve("file"), "text");
                assertThatThrownBy(() -> Files.write(path.resolve("large"), new byte[5 << 20]))
                        .hasMessageContaining("No space left on device");
            }
            assertThat(path).doesNotExist();
        }
        assertThatThrownBy(() -> MountedFolder.loop("nonefs", 4 << 20))
                .isInstanceOf(WorkloadException.class)
                .hasMessageContaining("can't start \"mkfs.nonefs")
                .hasMessageContaining("the package that has its mkfs");
    }

    @Test
    void aCommandMaySayMuchOnBothItsStreams() {
        Workload.Done done = Workload.shell("for i in 1 2 3; do head -c 200000 /dev/zero | tr '\\0' e >&2;"
                        + " head -c 200000 /dev/zero | tr '\\0' o; echo; done")
                .run();
        assertThat(done.lines()).hasSize(3).allSatisfy(line -> assertThat(line).hasSize(200_000));
    }
}
