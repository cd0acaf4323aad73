package io.github.bcc4j.compile.child;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Temporary folders. */
public final class Folders {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final AtomicLong NEXT = new AtomicLong(System.nanoTime());

    private Folders() {}

    /**
     * Makes a folder for this user alone, as {@link Files#createTempDirectory} does, but without its random numbers, which cost a young
     * JVM more than the folder. Who guesses the name can only have another one taken.
     *
     * @param prefix how its name begins
     * @return the folder, empty
     * @throws IOException if none can be made
     */
    public static Path temporary(String prefix) throws IOException {
        Path place = Path.of(System.getProperty("java.io.tmpdir"));
        while (true) {
            try {
                return Files.createDirectory(
                        place.resolve(prefix + Long.toUnsignedString(NEXT.getAndAdd(0x9E3779B97F4A7C15L), 36)),
                        PRIVATE);
            } catch (FileAlreadyExistsException e) {
                continue;
            }
        }
    }

    /**
     * Deletes a folder and all in it. Links are deleted, not followed.
     *
     * @param folder the folder
     * @throws IOException if it can't be deleted
     */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
