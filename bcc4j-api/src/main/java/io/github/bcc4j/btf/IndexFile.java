package io.github.bcc4j.btf;

import io.github.bcc4j.ffm.linux.Linux;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What was found out about a BTF blob, in a file of numbers that is mapped: where each type begins, and the table of names. Only a file
 * that this user alone can write, with the right length and checksum, is taken.
 *
 * @param offsets where each type begins
 * @param hashes of names, by their place in the table
 * @param ids of the types that have them
 */
record IndexFile(IntBuffer offsets, IntBuffer hashes, IntBuffer ids) {
    private static final int MAGIC = 0x42494401; // the last byte is the version
    private static final int HEADER = 6;

    static Optional<IndexFile> read(Path file, int length) {
        try {
            long size = Files.size(file);
            if (!isPrivate(file) || size < HEADER * 4L || size > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            // Not by a FileChannel, whose first mapping costs a JVM as much as reading the blob again.
            Optional<MemorySegment> mapped = Linux.mapFile(file.toString(), size);
            if (mapped.isEmpty()) {
                return Optional.empty();
            }
            ByteBuffer bytes = mapped.get().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            IntBuffer all = bytes.asIntBuffer();
            int count = all.get(2);
            int table = all.get(3);
            boolean sound = all.get(0) == MAGIC
                    && all.get(1) == length
                    && count > 0
                    && Integer.bitCount(table) == 1
                    && (HEADER + count + 2L * table) * 4 == size
                    && all.get(4) == checksum(bytes.slice(HEADER * 4, bytes.limit() - HEADER * 4));
            return sound
                    ? Optional.of(new IndexFile(
                            all.slice(HEADER, count),
                            all.slice(HEADER + count, table),
                            all.slice(HEADER + count + table, table)))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    private static boolean isPrivate(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        UserPrincipal self = Files.getOwner(Path.of("/proc/self"));
        return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(self)
                && !mode.contains(PosixFilePermission.GROUP_WRITE)
                && !mode.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Leaves a file for the next reading, if it can. */
    static void write(Path file, int length, IndexFile index) {
        int size = HEADER + index.offsets.limit() + 2 * index.ids.limit();
        ByteBuffer bytes = ByteBuffer.allocate(size * 4).order(ByteOrder.LITTLE_ENDIAN);
        IntBuffer all = bytes.asIntBuffer();
        all.put(MAGIC)
                .put(length)
                .put(index.offsets.limit())
                .put(index.ids.limit())
                .put(0)
                .put(0);
        all.put(index.offsets.duplicate().rewind());
        all.put(index.hashes.duplicate().rewind());
        all.put(index.ids.duplicate().rewind());
        all.put(4, checksum(bytes.slice(HEADER * 4, bytes.limit() - HEADER * 4)));
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path draft = Files.createTempFile(file.getParent(), "index", ".draft");
            Files.write(draft, bytes.array());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UnsupportedOperationException e) {
            // The next reading will take as long as this one.
        }
    }
}
