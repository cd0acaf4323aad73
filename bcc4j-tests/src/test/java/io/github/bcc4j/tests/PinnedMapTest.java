package io.github.bcc4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.bcc4j.BPF;
import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    void whatWasPutInIsThereAgain() {
        try (BPF first = BPF.fromSource(text(PIN, 16))) {
            first.hash("kept", Integer.class, Long.class).put(7, 70L);
        }
        try (BPF second = BPF.fromSource(text(PIN, 16))) {
            assertThat(second.hash("kept", Integer.class, Long.class)).containsEntry(7, 70L);
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
