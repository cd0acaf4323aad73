package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Sockets and routing messages on the running kernel. */
@Tag("native")
class SocketsTest {
    @Test
    void devicesHaveIndexes() throws Exception {
        int index = Integer.parseInt(
                Files.readString(Path.of("/sys/class/net/lo/ifindex")).strip());
        assertThat(Sockets.interfaceIndex("lo")).isEqualTo(index);
        for (String none : List.of("", "no-such-device", "a name of more than fifteen letters")) {
            assertThat(Sockets.interfaceIndex(none)).isEqualTo(-Errno.ENODEV);
        }
    }

    @Test
    void anUnboundPacketSocketReceivesNothing() {
        try (Fd socket = Fd.own(Sockets.packetSocket(), "socket")) {
            assertThat(Sockets.receive(socket.number(), MemorySegment.NULL, Sockets.MSG_PEEK | Sockets.MSG_TRUNC))
                    .isEqualTo(-Errno.EAGAIN);
            assertThat(Sockets.bindToDevice(socket.number(), Integer.MAX_VALUE)).isEqualTo(-Errno.ENODEV);
            assertThat(Sockets.setOption(socket.number(), Sockets.SOL_SOCKET, Sockets.SO_ATTACH_BPF, -1))
                    .isEqualTo(-Errno.EBADF);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment statistics = arena.allocate(8, 4).fill((byte) 1);
                assertThat(Sockets.option(socket.number(), Sockets.SOL_PACKET, Sockets.PACKET_STATISTICS, statistics))
                        .isZero();
                assertThat(statistics.toArray(JAVA_BYTE)).containsOnly(0);
            }
        }
    }

    @Test
    void aFileThatIsNoNamespaceIsNotEntered() {
        assertThat(Sockets.enterNetworkNamespace("/no/such/file")).isEqualTo(-Errno.ENOENT);
        assertThat(Sockets.enterNetworkNamespace("/proc/self/status")).isEqualTo(-Errno.EINVAL);
    }

    @Test
    void theKernelSaysWhyItRefusesARequest() {
        try (Netlink socket = Netlink.open()) {
            Netlink.Answer answer = TrafficControl.addClsact(socket, Integer.MAX_VALUE);
            assertThat(answer.errno()).isEqualTo(Errno.ENODEV);
            assertThat(answer.messages()).isEmpty();
            TrafficControl.Filter none = new TrafficControl.Filter(1, TrafficControl.INGRESS, 1, 1);
            assertThat(TrafficControl.removeFilter(socket, none))
                    .isEqualTo(new Netlink.Answer(
                            Errno.EINVAL, "Parent Qdisc doesn't exists", List.of())); // the kernel's words
            assertThat(TrafficControl.hasFilters(socket, 1, TrafficControl.INGRESS))
                    .isFalse();
        }
    }
}
