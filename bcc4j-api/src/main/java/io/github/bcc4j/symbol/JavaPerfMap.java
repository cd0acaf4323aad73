package io.github.bcc4j.symbol;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.ffm.linux.Linux;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a HotSpot JVM write the names of the code it has compiled, so that {@link ProcessSymbols} knows Java methods: through the
 * connection {@code jcmd} uses, with the command {@code Compiler.perfmap} (Java 17 or newer). JVMs in containers serve too.
 *
 * <p>The file is what was compiled at that moment. Interpreted methods all show as {@code Interpreter}; inlined ones as the method
 * they went into. For whole Java stacks the JVM must have been started with {@code -XX:+PreserveFramePointer}. Thread-safe.
 */
public final class JavaPerfMap {
    private static final int SIGQUIT = 3;
    private static final String FORBIDDEN = "-XX:+DisableAttachMechanism";
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long STEP = Duration.ofMillis(20).toNanos();

    private JavaPerfMap() {}

    /**
     * Makes a JVM write its perf map anew.
     *
     * @param pid the JVM, in this one's namespace; may be this one
     * @return the file, as this process sees it
     * @throws BpfException if there is no such process, it is no HotSpot JVM, is older than Java 17, takes no commands (it was started
     *     with {@code -XX:+DisableAttachMechanism}), or is another user's
     */
    public static Path write(int pid) {
        ProcessView process = new ProcessView(pid);
        Path temporary = Path.of("/proc/" + pid + "/root/tmp");
        String inner = process.numberInside();
        Path socket = temporary.resolve(".java_pid" + inner);
        try {
            if (!Files.exists(socket)) {
                wake(pid, process, socket, temporary.resolve(".attach_pid" + inner));
            }
            String answer = command(socket, "Compiler.perfmap");
            if (!answer.startsWith("0\n")) {
                throw new BpfException(
                        "the JVM " + pid + " wrote no perf map: "
                                + answer.replaceFirst("^\\d+\n", "").strip(),
                        answer.contains("Unknown diagnostic command") ? "Java 17 or newer is needed" : null,
                        null);
            }
            return temporary.resolve("perf-" + inner + ".map");
        } catch (IOException e) {
            throw new BpfException("can't give process " + pid + " a command", "be the same user, or root", e);
        }
    }

    /** A JVM listens after a SIGQUIT that finds this file; without it, it prints its threads. */
    private static void wake(int pid, ProcessView process, Path socket, Path request) throws IOException {
        if (process.isStartedWith(FORBIDDEN)) {
            throw new BpfException("the JVM " + pid + " takes no commands: it was started with " + FORBIDDEN);
        }
        if (!process.catches(SIGQUIT)) { // it would be its death
            throw new BpfException("process " + pid + " is no HotSpot JVM");
        }
        boolean ours = create(request);
        try {
            long until = System.nanoTime() + PATIENCE.toNanos();
            int result = Linux.kill(pid, SIGQUIT);
            if (result < 0) {
                throw new BpfSyscallException("wake process " + pid, -result, "be the same user, or root");
            }
            while (!Files.exists(socket)) {
                if (process.state().isEmpty()) {
                    throw new BpfException("process " + pid + " has ended");
                }
                if (System.nanoTime() > until) {
                    throw new BpfException(
                            "process " + pid + " has not answered for " + PATIENCE.toSeconds() + " s",
                            "it is no HotSpot JVM, is stopped, or was started with " + FORBIDDEN,
                            null);
                }
                LockSupport.parkNanos(STEP);
            }
        } finally {
            if (ours) {
                Files.deleteIfExists(request);
            }
        }
    }

    private static boolean create(Path request) throws IOException {
        try {
            Files.createFile(request);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false; // another program is attaching too
        }
    }

    /** Protocol 1: version, command and three arguments, each ended by a NUL. */
    private static String command(Path socket, String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request = ByteBuffer.wrap(("1\0jcmd\0" + command + "\0\0\0").getBytes(StandardCharsets.UTF_8));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
