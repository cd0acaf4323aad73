package io.github.bcc4j.compile;

import io.github.bcc4j.compile.cache.CodeStamp;
import io.github.bcc4j.compile.cache.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The compile process's classes as its JVM keeps them loaded and linked (JEP 514, JDK 25 and newer): with it a child starts in half the
 * time. It is made once for a build of bcc4j and a JDK, by a process of its own beside the first compile, and lives in the compile cache,
 * whose folder nobody else can write to.
 */
final class ChildArchive {
    static final String SUFFIX = ".aot";

    private final Path folder;
    private final String name;
    private final boolean there;

    private ChildArchive(Path folder, String name, boolean there) {
        this.folder = folder;
        this.name = name;
        this.there = there;
    }

    /** The archive in a cache, or the place for one; nothing where there can't be one. */
    static Optional<ChildArchive> in(CompileCache cache) {
        Optional<String> code = CodeStamp.of(CacheKey.class).filter(stamp -> stamp.startsWith("jar"));
        if (cache.folder().isEmpty() || code.isEmpty() || Runtime.version().feature() < 25) {
            return Optional.empty();
        }
        CRC32 crc = new CRC32();
        crc.update((code.get() + System.getProperty("java.home") + Runtime.version()).getBytes(StandardCharsets.UTF_8));
        String name = "child-" + Long.toHexString(crc.getValue()) + SUFFIX;
        try (PrivateFolder folder = PrivateFolder.make(cache.folder().get())) {
            return Optional.of(new ChildArchive(cache.folder().get(), name, folder.has(name)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The archive, if it is there. */
    Optional<Path> file() {
        return there ? Optional.of(folder.resolve(name)) : Optional.empty();
    }

    /** Whether it is still to be made. */
    boolean isMissing() {
        return !there;
    }

    /** Has it made from the compile that was done in a folder, which is deleted then. Nobody waits for it. */
    void makeFrom(Path done) throws IOException {
        Path go = Files.writeString(done.resolve("go"), "\n");
        ProcessBuilder builder = new ProcessBuilder(ChildCommand.making(folder.resolve(name), done))
                .redirectInput(go.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.start();
    }
}
