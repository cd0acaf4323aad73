package io.github.bcc4j.btf;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a kernel's types that is kept in a file: right, or not used. */
@Tag("native")
class IndexFileTest {
    private static ByteBuffer kernel() throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(KernelTarget.running().btf().orElseThrow()));
    }

    private static void same(RawBtf one, RawBtf other) {
        assertThat(one.end()).isEqualTo(other.end());
        for (int id = 1; id < one.end(); id++) {
            assertThat(one.name(id)).isEqualTo(other.name(id));
            if (one.kind(id) == Kind.STRUCT) {
                assertThat(one.record(one.name(id))).isEqualTo(other.record(one.name(id)));
            }
        }
        assertThat(one.enumerationOf("BPF_MAP_TYPE_HASH"))
                .isPositive()
                .isEqualTo(other.enumerationOf("BPF_MAP_TYPE_HASH"));
        assertThat(one.function("vfs_read")).isPositive().isEqualTo(other.function("vfs_read"));
        assertThat(one.typedef("u64")).isPositive().isEqualTo(other.typedef("u64"));
        assertThat(one.record("no_such_struct")).isZero();
    }

    @Test
    void theSecondReadingTakesWhatTheFirstLeft(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("btf/x.index");
        RawBtf plain = RawBtf.parse(kernel());
        same(RawBtf.parse(kernel(), file), plain);
        assertThat(Files.getPosixFilePermissions(file.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(IndexFile.read(file, kernel().limit())).isPresent();
        same(RawBtf.parse(kernel(), file), plain);
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whatCannotBeTrustedIsNotTaken(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("x.index");
        RawBtf.parse(kernel(), file);
        int length = kernel().limit();
        assertThat(IndexFile.read(file, length)).isPresent();
        assertThat(IndexFile.read(file, length + 1)).isEmpty();
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertThat(IndexFile.read(link, length)).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(IndexFile.read(file, length)).isEmpty();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 5, 9, 13, 17, 24, good.length / 2, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            assertThat(IndexFile.read(file, length)).isEmpty();
        }
        Files.write(file, java.util.Arrays.copyOf(good, good.length - 4));
        assertThat(IndexFile.read(file, length)).isEmpty();
        Files.write(file, new byte[3]);
        assertThat(IndexFile.read(file, length)).isEmpty();
        same(RawBtf.parse(kernel(), file), RawBtf.parse(kernel())); // and it is mended
        assertThat(IndexFile.read(file, length)).isPresent();
    }

    @Test
    void aFolderThatCannotBeWrittenDoesNotMatter() throws IOException {
        same(RawBtf.parse(kernel(), Path.of("/proc/nowhere/x.index")), RawBtf.parse(kernel()));
        assertThat(KernelTarget.running().buildId())
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{40}"));
    }
}
