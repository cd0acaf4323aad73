package io.github.bcc4j.junit.workload;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system of one's own, mounted on a folder of its own: what a program sees there is what the test did. Takes CAP_SYS_ADMIN and the
 * {@code mount} command. Thread-safe.
 */
public final class MountedFolder implements AutoCloseable {
    private final Path home;
    private boolean closed;

    private MountedFolder(Path home) {
        this.home = home;
    }

    /**
     * A file system in memory.
     *
     * @param bytes its size, at least a page
     * @return mounted, to be closed
     * @throws WorkloadException if that can't be done, with what mount says
     */
    public static MountedFolder tmpfs(long bytes) {
        return mount(bytes, home -> run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "bcc4j", folder(home)));
    }

    /**
     * A file system on a loop device over a file among the temporary files.
     *
     * @param type {@code ext4}, {@code xfs}, {@code btrfs}: any for which there is a {@code mkfs} command
     * @param bytes its size: the smallest that mkfs makes is 1 MB for ext4, 300 MB for xfs; the file has no blocks until they are written
     * @return mounted, to be closed
     * @throws IllegalArgumentException if it is not the name of a type
     * @throws WorkloadException if that can't be done, with what mkfs or mount say
     */
    public static MountedFolder loop(String type, long bytes) {
        if (!type.matches("[a-z0-9]+")) {
            throw new IllegalArgumentException("not a type of file system: \"" + type + '"');
        }
        return mount(bytes, home -> {
            Path image = home.resolve("image");
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(bytes);
            }
            run("mkfs." + type, image.toString());
            if (Files.notExists(Path.of("/dev/loop-control"))) {
                run("modprobe", "loop"); // mount asks that device, which would load the module if it were there
            }
            run("mount", "-t", type, "-o", "loop", image.toString(), folder(home));
        });
    }

    private interface Step {
        void run(Path home) throws IOException;
    }

    private static MountedFolder mount(long bytes, Step step) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a file system has some bytes, not " + bytes);
        }
        Path home = null;
        try {
            home = Files.createTempDirectory("bcc4j-mount");
            Files.createDirectory(home.resolve("root"));
            step.run(home);
            return new MountedFolder(home);
        } catch (IOException | WorkloadException e) {
            remove(home);
            throw new WorkloadException(
                    "can't mount a file system: " + e.getMessage(),
                    "it takes CAP_SYS_ADMIN, and the package that has its mkfs, as e2fsprogs for ext4",
                    e);
        }
    }

    private static String folder(Path home) {
        return home.resolve("root").toString();
    }

    private static void run(String... command) {
        Commands.run(List.of(command));
    }

    private static void remove(Path home) {
        try {
            if (home != null) {
                Files.deleteIfExists(home.resolve("image"));
                Files.deleteIfExists(home.resolve("root"));
                Files.deleteIfExists(home);
            }
        } catch (IOException e) {
            throw new WorkloadException("can't remove " + home + ": " + e, e);
        }
    }

    /**
     * Where it is mounted.
     *
     * @return an absolute path
     */
    public Path path() {
        return home.resolve("root");
    }

    /**
     * Unmounts it and removes what it was on. Closing again does nothing.
     *
     * @throws WorkloadException if a file is still open there
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        run("umount", folder(home));
        closed = true;
        remove(home);
    }

    @Override
    public String toString() {
        return path().toString();
    }
}
