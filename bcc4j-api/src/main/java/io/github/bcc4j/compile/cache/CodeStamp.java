package io.github.bcc4j.compile.cache;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * What tells one build of bcc4j from another: of a jar its table of contents, which has the checksum of each file in it, so that equal
 * jars are equal wherever and whenever they were unpacked; of a folder of classes their sizes and times.
 */
public final class CodeStamp {
    private static final int END_OF_TABLE = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final Map<Path, Optional<String>> KNOWN = new ConcurrentHashMap<>();

    private CodeStamp() {}

    /**
     * The stamp of the jar or folder that a class was loaded from.
     *
     * @param type any of the build's classes
     * @return the stamp; empty if it can't be told
     */
    public static Optional<String> of(Class<?> type) {
        Optional<URI> place = CodePlace.of(type);
        try {
            if (place.isPresent() && place.get().getScheme().equals("jrt")) {
                Path image = Path.of(System.getProperty("java.home"), "lib", "modules");
                return Optional.of(Input.stamp(image).toString());
            }
            return place.isPresent() ? KNOWN.computeIfAbsent(Path.of(place.get()), CodeStamp::read) : Optional.empty();
        } catch (IOException | FileSystemNotFoundException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> read(Path place) {
        try {
            return Optional.of(Files.isDirectory(place) ? folder(place) : jar(place));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String jar(Path jar) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "r")) {
            byte[] end = new byte[END_SIZE];
            file.seek(Math.max(0, file.length() - END_SIZE));
            file.readFully(end);
            ByteBuffer fields = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
            int size = fields.getInt(12);
            if (fields.getInt(0) != END_OF_TABLE || size < 0 || size > file.length()) {
                throw new IOException(jar + " has a comment, or is no jar");
            }
            byte[] table = new byte[size];
            file.seek(Integer.toUnsignedLong(fields.getInt(16)));
            file.readFully(table);
            CRC32 crc = new CRC32();
            crc.update(table);
            return "jar " + size + " " + crc.getValue();
        }
    }

    private static String folder(Path folder) throws IOException {
        CRC32 crc = new CRC32();
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String line = folder.relativize(file) + " " + Files.size(file) + " "
                    + Files.getLastModifiedTime(file).toMillis() + "\n";
            crc.update(line.getBytes());
        }
        return "folder " + files.size() + " " + crc.getValue();
    }
}
