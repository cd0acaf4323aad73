package io.github.bcc4j.elf;

import io.github.bcc4j.ElfException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/** Finds the file into which a stripped file's symbols went, where gdb would: by build number, else by name and checksum. */
final class DebugFile {
    private DebugFile() {}

    private static final String DEBUG = "usr/lib/debug";

    static Optional<Path> of(ElfFile elf, Path root) {
        return byBuildId(elf, root).or(() -> byLink(elf, root));
    }

    private static Optional<Path> byBuildId(ElfFile elf, Path root) {
        Optional<String> id = ElfNote.buildId(elf).filter(i -> i.length() > 2);
        return id.map(i -> root.resolve(DEBUG)
                        .resolve(".build-id")
                        .resolve(i.substring(0, 2))
                        .resolve(i.substring(2) + ".debug"))
                .filter(Files::isRegularFile)
                .filter(path -> id.equals(buildId(path)));
    }

    private static Optional<String> buildId(Path path) {
        try (ElfFile elf = ElfFile.open(path)) {
            return ElfNote.buildId(elf);
        } catch (ElfException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> byLink(ElfFile elf, Path root) {
        Optional<ByteBuffer> link =
                elf.section(".gnu_debuglink").map(elf::content).filter(b -> b.limit() >= 8);
        if (link.isEmpty()) {
            return Optional.empty();
        }
        String name = ElfFile.string(link.get(), 0);
        long checksum = Integer.toUnsignedLong(link.get().getInt(link.get().limit() - 4));
        if (name.isEmpty() || name.contains("/")) {
            return Optional.empty();
        }
        Path folder = elf.path().toAbsolutePath().getParent();
        Path inside =
                folder.startsWith(root) ? root.relativize(folder) : Path.of("/").relativize(folder);
        return Stream.of(
                        folder.resolve(name),
                        folder.resolve(".debug").resolve(name),
                        root.resolve(DEBUG).resolve(inside).resolve(name))
                .filter(Files::isRegularFile)
                .filter(path -> !path.equals(elf.path()) && checksum(path) == checksum)
                .findFirst();
    }

    private static long checksum(Path path) {
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(Files.newInputStream(path), crc)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return crc.getValue();
        } catch (IOException e) {
            return -1;
        }
    }
}
