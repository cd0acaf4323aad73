package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.PerfEventSpec;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfCounters;
import io.github.bcc4j.table.BpfHash;
import io.github.bcc4j.table.BpfObjectMap;
import io.github.bcc4j.table.BpfTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maps whose values are objects of the kernel: programs, maps, cgroups, sockets, counters, devices. */
@Tag("native")
class ObjectMapTest {
    private static final byte[] PACKET = new byte[64];

    @Test
    @Conforms("test_clang.py TestClang.test_prog_array_delete")
    void aProgramCallsTheOneThatIsInThePlace() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PROG_ARRAY(next, 3);
                int first(struct __sk_buff *skb) {
                    next.call(skb, 1);
                    return 7;
                }
                int one(struct __sk_buff *skb) { return 1; }
                int two(struct __sk_buff *skb) { return 2; }
                """)) {
            BpfProgram first = bpf.program("first", ProgramType.SOCKET_FILTER);
            BpfObjectMap<Integer, BpfProgram> next = bpf.programArray("next");
            assertThat(next.ids().entries()).isEmpty();
            assertThat(first.testRun(PACKET)).isEqualTo(7);
            next.put(1, bpf.program("one", ProgramType.SOCKET_FILTER));
            assertThat(first.testRun(PACKET)).isEqualTo(1);
            next.put(1, bpf.program("two", ProgramType.SOCKET_FILTER));
            assertThat(first.testRun(PACKET)).isEqualTo(2);
            next.put(2, bpf.program("two", ProgramType.SOCKET_FILTER));
            assertThat(next.ids().entries()).containsOnlyKeys(1, 2);
            assertThat(next.id(1))
                    .isEqualTo(next.id(2))
                    .get()
                    .satisfies(id -> assertThat(id).isPositive());
            assertThat(next.id(0)).isEmpty();
            assertThat(next.remove(1)).isTrue();
            assertThat(next.remove(1)).isFalse();
            assertThat(first.testRun(PACKET)).isEqualTo(7);
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> next.put(3, first))
                    .withMessageContaining("put into table \"next\": E2BIG");
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> next.put(0, bpf.program("one", ProgramType.XDP)))
                    .withMessageContaining("put into table \"next\": EINVAL");
        }
    }

    @Test
    void aProgramWritesIntoTheMapThatIsInThePlace() {
        try (BPF bpf = BPF.fromSource("""
                BPF_TABLE("hash", u32, u64, red, 8);
                BPF_TABLE("hash", u32, u64, green, 8);
                BPF_TABLE("hash", u32, u32, of_other_shape, 8);
                BPF_ARRAY_OF_MAPS(by_index, "red", 4);
                BPF_HASH_OF_MAPS(by_key, u64, "red", 4);
                int write(void *ctx) {
                    int index = 2;
                    u64 key = 77, one = 1, two = 2;
                    u32 slot = 5;
                    void *map = by_index.lookup(&index);
                    if (map)
                        bpf_map_update_elem(map, &slot, &one, 0);
                    map = by_key.lookup(&key);
                    if (map)
                        bpf_map_update_elem(map, &slot, &two, 0);
                    return 0;
                }
                """)) {
            BpfObjectMap<Integer, BpfTable<?, ?>> byIndex = bpf.arrayOfMaps("by_index");
            BpfObjectMap<Long, BpfTable<?, ?>> byKey = bpf.hashOfMaps("by_key", Long.class);
            BpfHash<Integer, Long> red = bpf.hash("red", Integer.class, Long.class);
            BpfHash<Integer, Long> green = bpf.hash("green", Integer.class, Long.class);
            byIndex.put(2, red);
            byKey.put(77L, green);
            bpf.program("write", ProgramType.SOCKET_FILTER).testRun(PACKET);
            assertThat(red).containsOnly(Map.entry(5, 1L));
            assertThat(green).containsOnly(Map.entry(5, 2L));
            assertThat(byIndex.ids().entries()).containsOnlyKeys(2);
            assertThat(byKey.ids().entries()).containsOnlyKeys(77L);
            assertThat(byKey.id(77L)).isNotEqualTo(byIndex.id(2)).isNotEmpty();
            assertThat(byKey.remove(77L)).isTrue();
            assertThat(byKey.id(77L)).isEmpty();
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> byIndex.put(0, bpf.hash("of_other_shape", Integer.class, Integer.class)))
                    .withMessageContaining("put into table \"by_index\": EINVAL");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bpf.arrayOfMaps("by_key"))
                    .withMessage("table \"by_key\" is a hash of maps, not an array of maps: use hashOfMaps()");
        }
    }

    @Test
    void aProgramAsksWhetherItsTaskIsInACgroup() throws IOException {
        Path root = Path.of("/sys/fs/cgroup/unified");
        Path group = Files.isDirectory(root) ? root : Path.of("/sys/fs/cgroup");
        try (BPF bpf = BPF.fromSource("""
                BPF_CGROUP_ARRAY(groups, 2);
                BPF_ARRAY(inside, u64, 2);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    inside.atomic_increment(groups.check_current_task(0) > 0);
                    return 0;
                }
                """)) {
            BpfObjectMap<Integer, Path> groups = bpf.cgroupArray("groups");
            Workloads.getppids(10);
            assertThat(bpf.array("inside", Long.class).get(1)).isZero();
            groups.put(0, group); // the root, in which every task is
            Workloads.getppids(10);
            assertThat(bpf.array("inside", Long.class).get(1)).isGreaterThanOrEqualTo(10);
            assertThat(groups.remove(0)).isTrue();
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> groups.put(0, Path.of("/tmp")))
                    .withMessageContaining("put into table \"groups\": EBADF")
                    .withMessageContaining("no object of the kind that this table is for");
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> groups.put(0, Path.of("/no/such/folder")))
                    .withMessageContaining("open /no/such/folder: ENOENT");
        }
    }

    /** This process's sockets: descriptors by what they are. */
    private static Map<String, Integer> sockets() throws IOException {
        Map<String, Integer> sockets = new HashMap<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path fd : all.toList()) {
                if (Files.isSymbolicLink(fd)
                        && Files.readSymbolicLink(fd).toString().startsWith("socket:")) {
                    sockets.put(
                            Files.readSymbolicLink(fd).toString(),
                            Integer.valueOf(fd.getFileName().toString()));
                }
            }
        }
        return sockets;
    }

    @Test
    void socketsArePutInByTheirDescriptors() throws IOException {
        try (BPF bpf = BPF.fromSource("""
                BPF_SOCKMAP(by_index, 4);
                BPF_SOCKHASH(by_key, u64, 4);
                BPF_XSKMAP(xdp, 4);
                int f(void *ctx) { return 0; }
                """)) {
            Map<String, Integer> before = sockets();
            try (DatagramChannel socket = DatagramChannel.open()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                socket.connect(socket.getLocalAddress());
                Map<String, Integer> after = sockets();
                after.keySet().removeAll(before.keySet());
                int fd = after.values().iterator().next();
                BpfObjectMap<Integer, Integer> byIndex = bpf.socketMap("by_index");
                byIndex.put(1, fd);
                assertThat(byIndex.remove(1)).isTrue();
                BpfObjectMap<Long, Integer> byKey = bpf.socketHash("by_key", Long.class);
                byKey.put(9L, fd);
                assertThat(byKey.remove(9L)).isTrue();
                assertThat(byKey.remove(9L)).isFalse();
                assertThatExceptionOfType(BpfSyscallException.class)
                        .isThrownBy(() -> bpf.xskMap("xdp").put(0, fd))
                        .withMessageContaining("put into table \"xdp\": EOPNOTSUPP");
            }
        }
    }

    @Test
    @Conforms("test_sock_table.cc test sock map")
    @Conforms("test_sock_table.cc test sock hash")
    void programsAndJavaPutSocketsIn() throws IOException {
        try (BPF bpf = BPF.fromSource("""
                        BPF_SOCKMAP(by_index, 10);
                        BPF_SOCKHASH(by_key, u32, 10);
                        int on(struct bpf_sock_ops *skops) {
                            u32 key = 0;
                            by_index.delete(&key);
                            by_index.sock_map_update(skops, &key, 0);
                            by_key.delete(&key);
                            by_key.sock_hash_update(skops, &key, 0);
                            return 0;
                        }
                        int to(struct sk_msg_md *msg) { u32 key = 0; return by_key.msg_redirect_hash(msg, &key, 0); }
                        int from(struct __sk_buff *skb) { u32 key = 0; return by_key.sk_redirect_hash(skb, &key, 0); }
                        """);
                DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            assertThat(bpf.program("on", ProgramType.CGROUP_SOCK_OPS).name()).isEqualTo("on");
            assertThat(bpf.program("to", ProgramType.SK_MSG).name()).isEqualTo("to");
            assertThat(bpf.program("from", ProgramType.SK_SKB_STREAM_VERDICT).name())
                    .isEqualTo("from");
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            socket.connect(socket.getLocalAddress());
            int fd = Workloads.descriptor(((InetSocketAddress) socket.getLocalAddress()).getPort());
            BpfObjectMap<Integer, Integer> byIndex = bpf.socketMap("by_index");
            assertThat(byIndex.remove(0)).isFalse();
            byIndex.put(0, fd);
            assertThat(byIndex.remove(0)).isTrue();
            BpfObjectMap<Integer, Integer> byKey = bpf.socketHash("by_key", Integer.class);
            assertThat(byKey.remove(0)).isFalse();
            byKey.put(0, fd);
            assertThat(byKey.remove(0)).isTrue();
        }
    }

    @Test
    @Conforms("test_prog_table.cc test prog table / update and remove")
    void aProgramOfAnotherModuleMayBePutIn() {
        try (BPF table = BPF.fromSource("BPF_TABLE(\"prog\", int, int, programs, 16);");
                BPF other = BPF.fromSource("int hello(struct __sk_buff *skb) { return 1; }")) {
            BpfProgram hello = other.program("hello", ProgramType.SCHED_CLS);
            BpfObjectMap<Integer, BpfProgram> programs = table.programArray("programs");
            programs.put(0, hello);
            assertThat(programs.ids().entries()).containsOnlyKeys(0);
            assertThat(programs.remove(0)).isTrue();
            assertThat(programs.ids().entries()).isEmpty();
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> programs.put(17, hello))
                    .withMessageContaining("E2BIG");
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> programs.remove(17))
                    .withMessageContaining("E2BIG");
        }
    }

    @Test
    void devicesAndCpusAreNumbers() {
        try (BPF bpf = BPF.fromSource("""
                BPF_DEVMAP(devices, 4);
                BPF_CPUMAP(cpus, 2);
                int f(void *ctx) { return 0; }
                """)) {
            BpfHash<Integer, Integer> devices = bpf.deviceMap("devices");
            assertThat(devices).isEmpty();
            devices.put(2, 1); // the loopback device
            assertThat(devices).containsOnly(Map.entry(2, 1)).isNotEmpty();
            assertThat(devices.snapshot().complete()).isTrue();
            assertThat(devices.remove(2)).isEqualTo(1);
            assertThat(devices).isEmpty();
            BpfHash<Integer, Integer> cpus = bpf.cpuMap("cpus");
            cpus.put(0, 192);
            assertThat(cpus).containsOnly(Map.entry(0, 192));
            assertThat(bpf.table("cpus").toString()).isEqualTo("{0=192}");
            assertThat(cpus.delete(0)).isTrue();
            assertThat(cpus).isEmpty();
        }
    }

    @Test
    void aProgramReadsTheCounterOfItsCpu() {
        try (BPF bpf = BPF.fromSource("""
                BPF_PERF_ARRAY(clocks, 64);
                BPF_HASH(seen, u32, u64);
                TRACEPOINT_PROBE(syscalls, sys_enter_getppid) {
                    u32 pid = bpf_get_current_pid_tgid() >> 32;
                    struct bpf_perf_event_value v = {};
                    u64 count = 0;
                    if (clocks.perf_counter_value(CUR_CPU_IDENTIFIER, &v, sizeof(v)) == 0)
                        count = v.counter;
                    seen.update(&pid, &count);
                    return 0;
                }
                """)) {
            BpfHash<Integer, Long> seen = bpf.hash("seen", Integer.class, Long.class);
            int before = (int) Workloads.getppids(1).pid();
            assertThat(seen.get(before)).isZero();
            PerfEventSpec clock = PerfEventSpec.software(PerfEventSpec.Software.CPU_CLOCK);
            try (BpfCounters counters = bpf.counters("clocks", clock)) {
                int first = (int) Workloads.getppids(1).pid();
                int second = (int) Workloads.getppids(1).pid();
                assertThat(seen.get(first)).isPositive();
                assertThat(seen.get(second)).isGreaterThan(seen.get(first)); // on the same CPU
                assertThat(counters.read().values()).allMatch(n -> n > 0);
                assertThat(counters.read().values().stream()
                                .mapToLong(n -> n)
                                .max()
                                .orElseThrow())
                        .isGreaterThan(seen.get(second));
            }
            int after = (int) Workloads.getppids(1).pid();
            assertThat(seen.get(after)).isZero();
            assertThatExceptionOfType(BpfSyscallException.class)
                    .isThrownBy(() -> bpf.counters("clocks", PerfEventSpec.of(1, 9999)))
                    .withMessageContaining("ENOENT")
                    .withMessageContaining("this machine has no such counter");
        }
    }
}
