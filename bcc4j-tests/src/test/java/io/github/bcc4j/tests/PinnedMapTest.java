package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.table.BpfHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Maps that outlive their program. Needs a bpf file system at /sys/fs/bpf. */
@Tag("native")
class PinnedMapTest {
    private static final Path PIN =
            Path.of("/sys/fs/bpf/bcc4j-test-" + ProcessHandle.current().pid());

    private static String text(Path path, int entries) {
        return "BPF_TABLE_PINNED(\"hash\", u32, u64, kept, " + entries + ", \"" + path
                + "\");\nint f(void *ctx) { u32 k = 1; kept.lookup(&k);" + " return 0; }";
    }

    @AfterEach
    void unpin() throws IOException {
        Files.deleteIfExists(PIN);
    }

    @Test
    @Conforms("test_pinned_table.cc test pinned table")
    void whatWasPutInIsThereAgain() throws IOException {
        try (BPF first = BPF.fromSource(text(PIN, 16))) {
            first.hash("kept", Integer.class, Long.class).put(7, 70L);
        }
        try (BPF second = BPF.fromSource(text(PIN, 16))) {
            assertThat(second.hash("kept", Integer.class, Long.class)).containsEntry(7, 70L);
        }
        try (BPF third = BPF.fromSource(text(PIN, 0))) { // as many entries as there are
            Files.delete(PIN);
            BpfHash<Integer, Long> kept = third.hash("kept", Integer.class, Long.class);
            assertThat(kept.maxEntries()).isEqualTo(16);
            kept.put(8, 80L);
            assertThat(kept).containsOnly(Map.entry(7, 70L), Map.entry(8, 80L));
            assertThat(kept.snapshot().complete()).isTrue();
        }
    }

    @Test
    @Conforms("test_pinned_table.cc test pinned sk_storage table")
    void storageOfSocketsMayBePinned() throws IOException {
        String program = """
                int count(struct __sk_buff *skb) {
                    struct bpf_sock *sk = skb->sk;
                    if (!sk)
                        return 0;
                    sk = bpf_sk_fullsock(sk);
                    if (!sk)
                        return 0;
                    u64 *n = kept.sk_storage_get(sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
                    return n != 0;
                }
                """;
        String pinned = "BPF_TABLE_PINNED(\"sk_storage\", u32, u64, kept, 0, \"" + PIN + "\", BPF_F_NO_PREALLOC);\n";
        try (BPF first = BPF.fromSource(pinned + program);
                BPF second = BPF.fromSource(pinned + program);
                DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int fd = Workloads.descriptor(((InetSocketAddress) socket.getLocalAddress()).getPort());
            first.socketStorage("kept", Long.class).set(fd, 5L);
            assertThat(second.socketStorage("kept", Long.class).get(fd)).contains(5L);
            assertThat(second.program("count", ProgramType.CGROUP_EGRESS).name())
                    .isEqualTo("count");
        }
    }

    @Test
    void anotherShapeIsRefused() {
        try (BPF first = BPF.fromSource(text(PIN, 16))) {
            assertThat(first.maps()).containsKey("kept");
        }
        assertThatExceptionOfType(BpfException.class)
                .isThrownBy(() -> BPF.fromSource(text(PIN, 32)))
                .withMessageContaining("is pinned at " + PIN + " with another shape")
                .withMessageContaining(
                        "it has type 1, key 4 bytes, value 8 bytes, 16 entries, the program wants type 1, key 4 bytes,"
                                + " value 8 bytes, 32 entries")
                .withMessageContaining("remove the pinned file");
    }

    @Test
    void anotherFileSystemIsRefused() {
        Path wrong = Path.of("/tmp/bcc4j-not-bpffs-" + ProcessHandle.current().pid());
        assertThatExceptionOfType(BpfSyscallException.class)
                .isThrownBy(() -> BPF.fromSource(text(wrong, 16)))
                .withMessageContaining("pin map \"kept\" at " + wrong)
                .withMessageContaining("mount -t bpf bpf /sys/fs/bpf");
    }
}
