package io.github.bcc4j.junit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Writes a cpio archive in the format the kernel unpacks as its initial file system ("newc": new ASCII headers). */
final class Cpio {
    private static final int DIRECTORY = 0040755;
    private static final int FILE = 0100644;
    private static final int PROGRAM = 0100755;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();
    private int inode;

    Cpio directory(String name) {
        return entry(name, DIRECTORY, new byte[0]);
    }

    Cpio file(String name, byte[] content) {
        return entry(name, FILE, content);
    }

    Cpio program(String name, byte[] content) {
        return entry(name, PROGRAM, content);
    }

    /** The archive with its trailer; nothing can be added afterwards. */
    byte[] finish() {
        entry("TRAILER!!!", 0, new byte[0]);
        return archive.toByteArray();
    }

    private Cpio entry(String name, int mode, byte[] content) {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        int[] fields = {++inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length + 1, 0};
        StringBuilder header = new StringBuilder("070701");
        for (int field : fields) {
            header.append(String.format(Locale.ROOT, "%08X", field));
        }
        archive.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(path);
        archive.write(0);
        pad();
        archive.writeBytes(content);
        pad();
        return this;
    }

    private void pad() {
        while (archive.size() % 4 != 0) {
            archive.write(0);
        }
    }
}
