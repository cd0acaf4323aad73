package io.github.bcc4j.event;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.attach.Probes;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * What programs print by {@code bpf_trace_printk}: for first steps. The kernel has one such pipe for the whole machine; every line
 * goes to one reader only, whoever's program printed it. For a tool, take a perf buffer.
 *
 * <p>For one reading thread; {@link #close()} is for any, and interrupts a waiting reader.
 */
public final class TracePipe implements AutoCloseable {
    private static final int AGAIN = -11;

    private final Fd pipe;
    private final Fd wakeUp;
    private final Fd epoll;
    private final MemorySegment buffer = Arena.ofAuto().allocate(8192);
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private final Queue<TraceLine> lines = new ArrayDeque<>();
    private long lost;

    private TracePipe(Path path) {
        int fd = Linux.openNonBlocking(path.toString());
        if (fd < 0) {
            throw new BpfException(
                    "can't open " + path + ": " + io.github.bcc4j.ffm.linux.Errno.describe(-fd),
                    "the tracing file system is for root",
                    null);
        }
        this.pipe = Fd.own(fd, "trace pipe");
        this.wakeUp = Fd.own(Linux.eventFd(), "trace pipe");
        this.epoll = Fd.own(Linux.epollCreate(), "trace pipe");
        Linux.epollAdd(epoll.number(), fd, 0);
        Linux.epollAdd(epoll.number(), wakeUp.number(), 1);
    }

    /**
     * Opens the pipe.
     *
     * @return an open reader, to be closed
     * @throws BpfException if the tracing file system is not mounted or not readable
     */
    public static TracePipe open() {
        return new TracePipe(Probes.tracefs().resolve("trace_pipe"));
    }

    /**
     * Waits for a line.
     *
     * @param timeout how long; zero not at all
     * @return the next line, empty if none came in time or the pipe was closed meanwhile
     * @throws IllegalStateException if it is closed already
     */
    public Optional<TraceLine> poll(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        pipe.number(); // throws if closed
        while (lines.isEmpty()) {
            try {
                int n = (int) pipe.call(fd -> Linux.read(fd, buffer));
                if (n > 0) {
                    take(n);
                    continue;
                }
                long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
                if (n != AGAIN && n < 0 || millis <= 0) {
                    return Optional.empty();
                }
                // trace_pipe does not always wake a poller for the last line: look now and then.
                // The descriptor that wakes is held meanwhile: one that is closed can't wake anybody.
                wakeUp.call(w -> epoll.call(fd -> Linux.epollWait(fd, new int[2], (int) Math.min(millis, 100))));
            } catch (IllegalStateException closed) {
                return Optional.empty();
            }
        }
        return Optional.of(lines.remove());
    }

    private void take(int n) {
        for (int i = 0; i < n; i++) {
            byte b = buffer.get(ValueLayout.JAVA_BYTE, i);
            if (b != '\n') {
                partial.write(b);
                continue;
            }
            String line = partial.toString(StandardCharsets.UTF_8);
            partial.reset();
            TraceLine.parse(line).ifPresentOrElse(lines::add, () -> lost += TraceLine.lost(line));
        }
    }

    /**
     * Lines, waiting for each.
     *
     * @return a stream that ends when this is closed
     */
    public Stream<TraceLine> stream() {
        return Stream.generate(() -> {
                    Optional<TraceLine> line = Optional.empty();
                    while (line.isEmpty() && !pipe.isClosed()) {
                        line = poll(Duration.ofSeconds(1));
                    }
                    return line;
                })
                .takeWhile(Optional::isPresent)
                .map(Optional::get);
    }

    /**
     * Lines the kernel had no room for.
     *
     * @return never falls
     */
    public long lost() {
        return lost;
    }

    /** Closes the pipe. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (!pipe.isClosed()) {
            wakeUp.call(Linux::signal);
            pipe.close();
            epoll.close();
            wakeUp.close();
        }
    }
}
