package io.github.bcc4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A cgroup of a test's own, at first without processes. */
record Cgroup(Path path) implements AutoCloseable {
    static Cgroup make() {
        try (Stream<String> mounts = Files.lines(Path.of("/proc/mounts"))) {
            // cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
            Path root = mounts.map(l -> l.split(" "))
                    .filter(f -> f[2].equals("cgroup2"))
                    .map(f -> Path.of(f[1]))
                    .findFirst()
                    .orElseThrow();
            return new Cgroup(Files.createDirectory(
                    root.resolve("bcc4j-test-" + ProcessHandle.current().pid())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(path);
    }
}
