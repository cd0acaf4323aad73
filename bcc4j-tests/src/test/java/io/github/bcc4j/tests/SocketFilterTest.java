package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bcc4j.AttachException;
import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfLink;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.RawSocket;
import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.attach.SocketSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that decide what a socket receives. */
@Tag("native")
@Timeout(120)
class SocketFilterTest {
    /** Ethernet 14, IPv4 20, UDP 8: the text begins at 42. */
    private static final String FILTERS = """
            static inline int wanted(struct __sk_buff *skb) {
                return skb->len >= 42 && load_half(skb, 12) == 0x0800 && load_byte(skb, 23) == 17
                        && load_half(skb, 36) == 4711;
            }
            int whole(struct __sk_buff *skb) { return wanted(skb) ? -1 : 0; }
            int head(struct __sk_buff *skb) { return wanted(skb) ? 46 : 0; }
            int no_x(struct __sk_buff *skb) { return load_byte(skb, 8) == 'x' ? 0 : -1; }
            """;

    private static List<String> texts(RawSocket socket, int packets) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < packets; i++) {
            byte[] packet = socket.receive(Duration.ofSeconds(10)).orElseThrow();
            texts.add(new String(packet, 42, packet.length - 42, StandardCharsets.US_ASCII));
        }
        return texts;
    }

    @Test
    void aRawSocketGetsWhatTheFilterLetsThrough() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(FILTERS);
                RawSocket whole = bpf.attachRawSocket(lab.device(2), "whole");
                RawSocket head = bpf.attachRawSocket(lab.device(2), "head")) {
            assertThat(whole.link()).hasToString("whole at socket:v0 in " + lab.namespace(2));
            lab.send(20);
            assertThat(texts(whole, 20))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 20).mapToObj(i -> "packet " + i).toList());
            assertThat(texts(head, 20)).containsOnly("pack");
            assertThat(whole.receive(Duration.ZERO)).isEmpty();
            assertThat(whole.lost()).isZero();
        }
    }

    @Test
    void packetsWithoutRoomAreCounted() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(FILTERS);
                RawSocket socket = bpf.attachRawSocket(lab.device(2), "whole")) {
            lab.send(2000);
            int read = 0;
            while (socket.receive(Duration.ZERO).isPresent()) {
                read++;
            }
            assertThat(socket.lost()).isPositive().isEqualTo(2000 - read);
        }
    }

    @Test
    void aWaitEndsWithItsTimeOrWithTheSocket() throws Exception {
        BPF bpf = BPF.fromSource(FILTERS);
        try (bpf;
                RawSocket socket = bpf.attachRawSocket("lo", "whole")) {
            long start = System.nanoTime();
            assertThat(socket.receive(Duration.ofMillis(50))).isEmpty();
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
            CompletableFuture<Optional<byte[]>> waiter =
                    CompletableFuture.supplyAsync(() -> socket.receive(Duration.ofMinutes(10)));
            assertThat(waiter.isDone()).isFalse();
            bpf.close();
            assertThat(waiter.handle((r, e) -> e == null || e.getCause() instanceof IllegalStateException)
                            .get(10, TimeUnit.SECONDS))
                    .isTrue();
            assertThat(socket.lost()).isZero();
            assertThatThrownBy(() -> socket.receive(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aSocketOfOursIsFilteredUntilTheLinkIsClosed() throws IOException {
        try (BPF bpf = BPF.fromSource(FILTERS);
                DatagramChannel in = DatagramChannel.open(StandardProtocolFamily.INET);
                DatagramChannel out = DatagramChannel.open(StandardProtocolFamily.INET)) {
            in.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            in.socket().setSoTimeout(10_000);
            InetSocketAddress to = (InetSocketAddress) in.getLocalAddress();
            BpfLink link = bpf.attach(new SocketSpec(Workloads.descriptor(to.getPort())), "no_x");
            send(out, to, "x1", "a1", "x2", "a2");
            assertThat(receive(in, 2)).containsExactly("a1", "a2");
            link.close();
            send(out, to, "x3", "a3");
            assertThat(receive(in, 2)).containsExactly("x3", "a3");
        }
    }

    private static void send(DatagramChannel out, InetSocketAddress to, String... texts) throws IOException {
        for (String text : texts) {
            out.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), to);
        }
    }

    private static List<String> receive(DatagramChannel in, int count) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            in.receive(buffer);
            texts.add(new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII));
        }
        return texts;
    }

    @Test
    void aDeviceThatIsNotThereIsToldWithThoseThatAre() {
        try (NetworkLab lab = new NetworkLab();
                BPF bpf = BPF.fromSource(FILTERS)) {
            assertThatThrownBy(() -> bpf.attachRawSocket("eht0", "whole"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("attach whole to socket:eht0: ENODEV")
                    .hasMessageContaining("this process's network namespace has no device eht0; there is")
                    .hasMessageContaining("lo");
            NetworkDevice elsewhere = NetworkDevice.of("v9").inNamespace(lab.namespace(1));
            assertThatThrownBy(() -> bpf.attachRawSocket(elsewhere, "whole"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageEndingWith("that network namespace has no device v9; there is lo, v0");
            NetworkDevice nowhere = NetworkDevice.of("lo").inNamespace(Path.of("/run/netns/none"));
            assertThatThrownBy(() -> bpf.attachRawSocket(nowhere, "whole"))
                    .isInstanceOf(BpfSyscallException.class)
                    .hasMessageContaining("enter the network namespace /run/netns/none: ENOENT")
                    .hasMessageContaining("/proc/PID/ns/net");
            assertThatThrownBy(() -> bpf.attach(new SocketSpec(1_000_000), "whole"))
                    .isInstanceOf(AttachException.class)
                    .hasMessageContaining("socket:fd 1000000: EBADF")
                    .hasMessageContaining("descriptor 1000000 is no open socket of this process");
            assertThat(bpf.links()).isEmpty();
        }
    }
}
