package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.BpfProgram;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.AttachSpec;
import io.github.bcc4j.attach.NamespaceSpec;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.attach.RawSocketSpec;
import io.github.bcc4j.attach.SockmapSpec;
import io.github.bcc4j.attach.TcSpec;
import io.github.bcc4j.attach.XdpSpec;
import io.github.bcc4j.attach.XdpSpec.Mode;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.Compiler;
import io.github.bcc4j.compile.CompilerOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs on network devices: XDP and TC. */
@Tag("native")
@Timeout(180)
class DeviceTest {
    private static final String TEXT = """
            #include <uapi/linux/pkt_cls.h>
            BPF_ARRAY(seen, u64, 3);
            static inline int wanted(u8 *data, u8 *end) {
                return data + 42 <= end && data[12] == 8 && data[13] == 0 && data[23] == 17
                        && data[36] == 4711 >> 8 && data[37] == (4711 & 0xff);
            }
            int drop(struct xdp_md *ctx) {
                if (!wanted((u8 *)(long)ctx->data, (u8 *)(long)ctx->data_end))
                    return XDP_PASS;
                seen.increment(0);
                return XDP_DROP;
            }
            int pass(struct xdp_md *ctx) {
                if (wanted((u8 *)(long)ctx->data, (u8 *)(long)ctx->data_end))
                    seen.increment(1);
                return XDP_PASS;
            }
            int first(struct __sk_buff *skb) {
                if (wanted((u8 *)(long)skb->data, (u8 *)(long)skb->data_end))
                    seen.increment(0);
                return TC_ACT_UNSPEC;
            }
            int second(struct __sk_buff *skb) {
                if (wanted((u8 *)(long)skb->data, (u8 *)(long)skb->data_end))
                    seen.increment(1);
                return TC_ACT_OK;
            }
            int third(struct __sk_buff *skb) {
                if (wanted((u8 *)(long)skb->data, (u8 *)(long)skb->data_end))
                    seen.increment(2);
                return TC_ACT_SHOT;
            }
            """;

    private static long seen(BPF bpf, int index) {
        return bpf.array("seen", Long.class).get(index);
    }

    private static void assertSeen(BPF bpf, int index, long expected) {
        assertThat(NetworkLab.eventually(() -> seen(bpf, index), expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC", "NATIVE"})
    void xdpSeesEveryPacketUntilItsLinkIsClosed(Mode mode) {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink link = bpf.attach(new XdpSpec(lab.device(2), mode), "drop");
            assertThat(String.join("\n", lab.run(2, "ip", "link", "show", "v0")))
                    .contains(mode == Mode.GENERIC ? "xdpgeneric" : "prog/xdp");
            lab.send(100);
            assertSeen(bpf, 0, 100);
            link.close();
            lab.send(10);
            assertThat(String.join("\n", lab.run(2, "ip", "link", "show", "v0")))
                    .doesNotContain("xdp");
            bpf.attach(new XdpSpec(lab.device(2), mode), "pass");
            lab.send(7);
            assertSeen(bpf, 1, 7);
            assertThat(seen(bpf, 0)).isEqualTo(100);
        }
    }

    @Test
    void xdpRefusalsSayWhatToDo() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attach(new XdpSpec(lab.device(1), Mode.AUTO), "pass");
            assertThatThrownBy(() -> bpf.attach(new XdpSpec(lab.device(1), Mode.AUTO), "drop"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach drop to xdp:v0 in " + lab.namespace(1) + ": EBUSY")
                    .hasMessageContaining("the device runs an XDP program already (ip link show)");
            NetworkDevice loopback = NetworkDevice.of("lo").inNamespace(lab.namespace(1));
            assertThatThrownBy(() -> bpf.attach(new XdpSpec(loopback, Mode.NATIVE), "drop"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("xdp:lo in " + lab.namespace(1) + " (native): E")
                    .hasMessageContaining("GENERIC works on every device");
            assertThatThrownBy(() -> bpf.attachXdp("no-such-device", "drop")).hasMessageContaining("ENODEV");
            assertThatThrownBy(() -> bpf.attachXdp("lo", "first").close())
                    .isInstanceOf(BpfException.class)
                    .hasMessageContaining("first");
            assertThat(bpf.links()).hasSize(1);
        }
    }

    @Test
    void tcxLinksSeeBothDirections() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink out = bpf.attach(new TcSpec(lab.device(1), true, 0, 0), "first");
            bpf.attach(new TcSpec(lab.device(2), false, 0, 0), "second");
            lab.send(50);
            assertSeen(bpf, 0, 50);
            assertSeen(bpf, 1, 50);
            out.close();
            lab.send(5);
            assertSeen(bpf, 1, 55);
            assertThat(seen(bpf, 0)).isEqualTo(50);
            assertThat(lab.run(1, "tc", "qdisc", "show", "dev", "v0")).noneMatch(l -> l.contains("clsact"));
        }
    }

    @Test
    void filtersRunByTheirPriorities() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            BpfLink third = bpf.attach(new TcSpec(lab.device(2), false, 30, 0), "third");
            BpfLink second = bpf.attach(new TcSpec(lab.device(2), false, 20, 7), "second");
            BpfLink first = bpf.attach(new TcSpec(lab.device(2), false, 10, 0), "first");
            assertThat(second).hasToString("second at tc:v0 in " + lab.namespace(2) + " ingress priority 20 handle 7");
            List<String> shown = lab.run(2, "tc", "filter", "show", "dev", "v0", "ingress");
            assertThat(String.join("\n", shown))
                    .containsSubsequence(
                            "pref 10 bpf",
                            "first direct-action",
                            "pref 20 bpf",
                            "handle 0x7 second direct-action",
                            "pref 30",
                            "third");
            lab.send(40);
            assertSeen(bpf, 1, 40); // it accepts, so the third sees none
            assertThat(seen(bpf, 0)).isEqualTo(40);
            assertThat(seen(bpf, 2)).isZero();
            second.close();
            lab.send(3);
            assertSeen(bpf, 2, 3);
            assertThat(seen(bpf, 1)).isEqualTo(40);
            third.close(); // it had brought the qdisc, which the first still needs
            lab.send(2);
            assertSeen(bpf, 0, 45);
            first.close();
            assertThat(lab.run(2, "tc", "filter", "show", "dev", "v0", "ingress"))
                    .isEmpty();
        }
    }

    @Test
    void aFilterTakesItsQdiscAwayUnlessItWasThereBefore() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            bpf.attach(new TcSpec(lab.device(1), true, 1, 1), "first").close();
            assertThat(lab.run(1, "tc", "qdisc", "show", "dev", "v0")).noneMatch(l -> l.contains("clsact"));
            lab.run(1, "tc", "qdisc", "add", "dev", "v0", "clsact");
            bpf.attach(new TcSpec(lab.device(1), true, 1, 1), "first").close();
            assertThat(lab.run(1, "tc", "qdisc", "show", "dev", "v0")).anyMatch(l -> l.contains("clsact"));
            bpf.attach(new TcSpec(lab.device(1), true, 1, 1), "first");
            assertThatThrownBy(() -> bpf.attach(new TcSpec(lab.device(1), true, 1, 1), "second"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("egress priority 1 handle 1: EEXIST")
                    .hasMessageContaining("there is a filter of this priority and handle already");
        }
    }

    /** The child: attaches to a device in a namespace, says so, and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws InterruptedException {
            var device = NetworkDevice.of("v0").inNamespace(Path.of(args[0]));
            try (BPF bpf = BPF.fromSource(TEXT)) {
                bpf.attach(new XdpSpec(device, Mode.AUTO), "drop");
                bpf.attach(new TcSpec(device, false, 0, 0), "third");
                System.out.println("attached " + bpf.links().size());
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void aKilledProcessLeavesTheDeviceAlone() throws Exception {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT)) {
            Process victim = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Victim.class.getName(),
                            lab.namespace(2).toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(out.readLine()).isEqualTo("attached 2");
            } finally {
                victim.destroyForcibly();
            }
            assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(NetworkLab.eventually(
                            () -> lab.run(2, "ip", "link", "show", "v0").stream()
                                    .filter(l -> l.contains("xdp"))
                                    .count(),
                            0))
                    .isZero();
            bpf.attach(new TcSpec(lab.device(2), false, 0, 0), "second");
            lab.send(9);
            assertSeen(bpf, 1, 9); // neither drops any more
        }
    }

    /** The child: tries to attach what its parent compiled, with some rights missing. */
    static final class Powerless {
        private Powerless() {}

        public static void main(String[] args) throws IOException {
            try (BPF bpf = BPF.load(CompiledModule.fromBytes(Files.readAllBytes(Path.of(args[0]))))) {
                attempt(() -> bpf.attachRawSocket("lo", "filter"));
                attempt(() -> bpf.attachXdp("lo", "drop"));
                attempt(() -> bpf.attach(new TcSpec(NetworkDevice.of("lo"), false, 1, 1), "first"));
            }
        }

        private static void attempt(Runnable what) {
            try {
                what.run();
                System.out.println("done");
            } catch (BpfException e) {
                System.out.println(e.getMessage().replace(System.lineSeparator(), " "));
            }
        }
    }

    private static List<String> without(String capabilities, Path module) {
        return Workloads.run(
                        "setpriv",
                        "--bounding-set=" + capabilities,
                        "--inh-caps=" + capabilities,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Powerless.class.getName(),
                        module.toString())
                .lines();
    }

    @Test
    void missingRightsAreNamed(@TempDir Path folder) throws IOException {
        String text = TEXT + "int filter(struct __sk_buff *skb) { return 0; }";
        Path module = Files.write(
                folder.resolve("module"),
                Compiler.compile(text, CompilerOptions.DEFAULT).toBytes());
        assertThat(without("-net_raw", module).getFirst())
                .contains("attach filter to socket:lo: EPERM")
                .endsWith("hint: a packet socket takes CAP_NET_RAW");
        // Enough to load, not to change a device's traffic control.
        assertThat(without("-net_admin", module).get(2))
                .contains("attach first to tc:lo ingress priority 1 handle 1: EPERM")
                .endsWith("hint: traffic control takes CAP_NET_ADMIN in the device's network namespace");
        assertThat(without("-net_admin,-sys_admin", module).get(1))
                .contains("load xdp program drop: EPERM")
                .contains("this process lacks CAP_NET_ADMIN: start it by setpriv");
    }

    private static long descriptors() {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void manyAttachmentsLeaveNoDescriptor() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(TEXT + """
                        BPF_SOCKHASH(sockets, u32, 16);
                        int filter(struct __sk_buff *skb) { return 0; }
                        int dissect(struct __sk_buff *skb) { return BPF_OK; }
                        int on_send(struct sk_msg_md *msg) { return SK_PASS; }
                        """)) {
            Map<AttachSpec, String> places = Map.of(
                    new RawSocketSpec(lab.device(1)), "filter",
                    new XdpSpec(lab.device(1), Mode.AUTO), "pass",
                    new TcSpec(lab.device(1), false, 0, 0), "first",
                    new TcSpec(lab.device(1), true, 5, 6), "first",
                    new NamespaceSpec(lab.namespace(1), ProgramType.FLOW_DISSECTOR), "dissect",
                    new SockmapSpec("sockets", ProgramType.SK_MSG), "on_send");
            places.forEach((place, function) -> bpf.attach(place, function).close());
            long before = descriptors();
            for (int i = 0; i < 50; i++) {
                places.forEach((place, function) -> bpf.attach(place, function).close());
                bpf.attachRawSocket(lab.device(2), "filter").close();
                assertThatThrownBy(() -> bpf.attach(new TcSpec(NetworkDevice.of("none"), true, 5, 6), "first"))
                        .isInstanceOf(AttachException.class);
            }
            assertThat(descriptors()).isEqualTo(before);
            assertThat(bpf.links()).isEmpty();
        }
    }

    private static final String REWRITE = """
            #include <uapi/linux/pkt_cls.h>
            BPF_ARRAY(runs, u64, 1);
            int grow(struct xdp_md *ctx) {
                runs.increment(0);
                if (bpf_xdp_adjust_head(ctx, -4))
                    return XDP_ABORTED;
                u8 *data = (u8 *)(long)ctx->data, *end = (u8 *)(long)ctx->data_end;
                if (data + 4 > end)
                    return XDP_ABORTED;
                data[0] = 1; data[1] = 2; data[2] = 3; data[3] = 4;
                return XDP_TX;
            }
            int count_up(struct __sk_buff *skb) {
                u8 *data = (u8 *)(long)skb->data, *end = (u8 *)(long)skb->data_end;
                if (data + 20 > end)
                    return TC_ACT_SHOT;
                data[19]++;
                return 40 + data[19];
            }
            int other(void *ctx) { return 0; }
            """;

    @Test
    void aTestRunShowsResultPacketAndDuration() {
        byte[] packet = new byte[64];
        packet[12] = 8;
        packet[19] = 100;
        try (BPF bpf = BPF.fromSource(REWRITE)) {
            BpfProgram.TestRun grown = bpf.program("grow", ProgramType.XDP).testRun(packet, 1);
            assertThat(grown.result()).isEqualTo(3); // XDP_TX
            assertThat(grown.output()).hasSize(68).startsWith(1, 2, 3, 4).endsWith(packet);
            assertThat(grown.duration()).isPositive();
            bpf.program("grow", ProgramType.XDP).testRun(packet, 10);
            assertThat(bpf.array("runs", Long.class).get(0)).isEqualTo(11);

            BpfProgram.TestRun thousand =
                    bpf.program("count_up", ProgramType.SCHED_CLS).testRun(packet, 50);
            assertThat(thousand.result()).isEqualTo(40 + 150);
            assertThat(thousand.output()).hasSize(64);
            assertThat(thousand.output()[19]).isEqualTo((byte) 150);
            assertThat(bpf.program("count_up", ProgramType.SCHED_CLS).testRun(packet))
                    .isEqualTo(141);

            assertThatThrownBy(
                            () -> bpf.program("count_up", ProgramType.SCHED_CLS).testRun(new byte[13]))
                    .isInstanceOf(BpfSyscallException.class)
                    .hasMessageContaining("test run of count_up (sched_cls): EINVAL")
                    .hasMessageContaining("14 bytes");
            assertThatThrownBy(
                            () -> bpf.program("other", ProgramType.TRACEPOINT).testRun(packet))
                    .isInstanceOf(BpfSyscallException.class)
                    .hasMessageContaining("the kernel can't run programs of this type so");
            assertThatThrownBy(() -> bpf.program("grow", ProgramType.XDP).testRun(packet, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a test runs once at least, not 0 times");
        }
    }
}
