package io.github.bcc4j.junit;

import io.github.bcc4j.kernel.KernelHeaders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The user's cache of kernels, initial file systems and probe results. */
final class VmCache {
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private VmCache() {}

    static Path directory(String name) {
        Path directory = KernelHeaders.cache().resolve(name);
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new VmException(
                    VmException.Reason.HOST,
                    "create the cache directory " + directory + ": " + e,
                    "set -Dbcc4j.cache or XDG_CACHE_HOME to a directory you may write",
                    "",
                    e);
        }
    }

    /** What {@link #locked} runs. */
    interface Action<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs an action that no other thread or process of this cache runs at the same time. */
    static <T> T locked(String name, Action<T> action) throws IOException, InterruptedException {
        Path file = directory(name).resolve(".lock");
        IN_THIS_JVM.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock(); // released with the channel
            return action.run();
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    /** Deletes a tree; links are removed, not followed. */
    static void deleteTree(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
