package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.ffm.linux.Sockets;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;

/**
 * The packets of a network device that a socket filter lets through, as the device sends and receives them: with their Ethernet
 * headers, cut to the length that the filter returned.
 *
 * <p>Thread-safe: packets go to the readers one by one.
 */
public final class RawSocket implements AutoCloseable {
    private final BpfLink link;
    private final Fd epoll;
    private final Fd wakeUp;
    private long lost;

    RawSocket(BpfLink link) {
        this.link = link;
        this.epoll = own(Linux.epollCreate());
        this.wakeUp = own(Linux.eventFd());
        link.fd().call(s -> check(Linux.epollAdd(epoll.number(), s, 0)));
        check(Linux.epollAdd(epoll.number(), wakeUp.number(), 1));
        link.afterwards(() -> {
            wakeUp.call(Linux::signal);
            wakeUp.close();
            epoll.close();
        });
    }

    private Fd own(int fd) {
        return Fd.own(check(fd), "raw socket of " + link.programName());
    }

    private int check(int result) {
        if (result < 0) {
            throw new BpfSyscallException(
                    "read packets from " + link.spec(),
                    -result,
                    switch (-result) {
                        case 100 -> "the network device is down, or gone";
                        default -> null;
                    });
        }
        return result;
    }

    /**
     * The attachment of the filter.
     *
     * @return the same that {@link BPF#links()} has
     */
    public BpfLink link() {
        return link;
    }

    /**
     * Waits for a packet.
     *
     * @param timeout how long to wait; zero not at all
     * @return its bytes; empty if none came in time, or this was closed meanwhile
     * @throws IllegalStateException if this is closed already
     * @throws BpfSyscallException if the device went down
     */
    public Optional<byte[]> receive(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<byte[]> packet = next();
            long millis = Math.ceilDiv(deadline - System.nanoTime(), 1_000_000L);
            if (packet.isPresent() || millis <= 0) {
                return packet;
            }
            try {
                // Held while this waits: a descriptor that is closed can't wake anybody.
                wakeUp.call(w ->
                        epoll.call(e -> Linux.epollWait(e, new int[2], (int) Math.min(millis, Integer.MAX_VALUE))));
                if (!link.isAttached()) {
                    return Optional.empty();
                }
            } catch (IllegalStateException e) {
                return Optional.empty(); // closed in between
            }
        }
    }

    private synchronized Optional<byte[]> next() {
        return link.fd().use(socket -> {
            try (Arena arena = Arena.ofConfined()) {
                int peek = Sockets.MSG_PEEK | Sockets.MSG_TRUNC;
                int length = Sockets.receive(socket, MemorySegment.NULL, peek);
                if (length == -Errno.EAGAIN) {
                    return Optional.empty();
                }
                MemorySegment packet = arena.allocate(Math.max(check(length), 1));
                int received = check(Sockets.receive(socket, packet, 0));
                return Optional.of(packet.asSlice(0, received).toArray(JAVA_BYTE));
            }
        });
    }

    /**
     * Packets that the filter let through but the socket had no room for.
     *
     * @return never falls
     */
    public synchronized long lost() {
        if (link.isAttached()) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment statistics = arena.allocate(8, 4); // struct tpacket_stats: packets, drops; reading resets
                check((int) link.fd()
                        .call(s -> Sockets.option(s, Sockets.SOL_PACKET, Sockets.PACKET_STATISTICS, statistics)));
                lost += Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
            } catch (IllegalStateException e) {
                // another thread has closed it since
            }
        }
        return lost;
    }

    /** Closes the socket and detaches; a thread that waits for a packet gets none. Closing again does nothing. */
    @Override
    public void close() {
        link.close();
    }
}
