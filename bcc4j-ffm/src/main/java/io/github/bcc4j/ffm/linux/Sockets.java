package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Sockets, and the network namespace of a thread. Every result is the kernel's, a negative errno for failure. Thread-safe.
 *
 * <p>Source: socket(2), packet(7), netdevice(7), setns(2).
 */
public final class Sockets {
    private Sockets() {}

    /** {@code SOL_SOCKET}. */
    public static final int SOL_SOCKET = 1;

    /** {@code SO_ATTACH_BPF}. */
    public static final int SO_ATTACH_BPF = 50;

    /** {@code SO_DETACH_BPF}. */
    public static final int SO_DETACH_BPF = 27;

    /** {@code SOL_PACKET}. */
    public static final int SOL_PACKET = 263;

    /** {@code PACKET_STATISTICS}. */
    public static final int PACKET_STATISTICS = 6;

    /** {@code MSG_PEEK}. */
    public static final int MSG_PEEK = 2;

    /** {@code MSG_TRUNC}: the result is the whole length, also of what did not fit. */
    public static final int MSG_TRUNC = 0x20;

    private static final int AF_INET = 2;
    private static final int AF_PACKET = 17;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_NONBLOCK = 04000;
    private static final int SOCK_CLOEXEC = 02000000;
    private static final int ETH_P_ALL = 3;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int IFNAMSIZ = 16;
    private static final int CLONE_NEWNET = 0x40000000;

    static int socket(int family, int type, int protocol) {
        return (int) Syscall.call(CallNumbers.SOCKET, family, type | SOCK_CLOEXEC, protocol);
    }

    /**
     * A non-blocking packet socket that is bound to nothing, so it receives nothing yet.
     *
     * @return its descriptor or a negative errno
     */
    public static int packetSocket() {
        return socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    }

    /**
     * Binds a packet socket to all that a network device sends and receives.
     *
     * @param socket of {@link #packetSocket}
     * @param interfaceIndex the device; 0 for all
     * @return 0 or a negative errno
     */
    public static int bindToDevice(int socket, int interfaceIndex) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(20, 4); // struct sockaddr_ll
            address.set(JAVA_SHORT, 0, (short) AF_PACKET);
            address.set(JAVA_SHORT, 2, Short.reverseBytes((short) ETH_P_ALL));
            address.set(JAVA_INT, 4, interfaceIndex);
            return (int) Syscall.call(CallNumbers.BIND, socket, address.address(), address.byteSize());
        }
    }

    /**
     * setsockopt(2) of a number.
     *
     * @param socket the socket
     * @param level {@code SOL_}
     * @param option the option
     * @param value its value
     * @return 0 or a negative errno
     */
    public static int setOption(int socket, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment v = arena.allocateFrom(JAVA_INT, value);
            return (int) Syscall.call(CallNumbers.SETSOCKOPT, socket, level, option, v.address(), 4);
        }
    }

    /**
     * getsockopt(2).
     *
     * @param socket the socket
     * @param level {@code SOL_}
     * @param option the option
     * @param value receives its value
     * @return 0 or a negative errno
     */
    public static int option(int socket, int level, int option, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            return (int) Syscall.call(CallNumbers.GETSOCKOPT, socket, level, option, value.address(), length.address());
        }
    }

    /**
     * recvfrom(2).
     *
     * @param socket the socket
     * @param buffer receives the message
     * @param flags {@link #MSG_PEEK}, {@link #MSG_TRUNC}
     * @return its length or a negative errno
     */
    public static int receive(int socket, MemorySegment buffer, int flags) {
        return (int) Syscall.call(CallNumbers.RECVFROM, socket, buffer.address(), buffer.byteSize(), flags, 0, 0);
    }

    /**
     * The index of a network device in this thread's network namespace.
     *
     * @param name its name
     * @return a positive index, or a negative errno; -ENODEV if there is none
     */
    public static int interfaceIndex(String name) {
        if (name.isEmpty() || name.length() >= IFNAMSIZ) {
            return -Errno.ENODEV;
        }
        int socket = socket(AF_INET, SOCK_DGRAM, 0);
        if (socket < 0) {
            return socket;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(40, 8); // struct ifreq
            request.setString(0, name);
            long result = Linux.ioctl(socket, SIOCGIFINDEX, request.address());
            return result < 0 ? (int) result : request.get(JAVA_INT, IFNAMSIZ);
        } finally {
            Linux.close(socket);
        }
    }

    /**
     * Moves this thread into a network namespace by setns(2); needs CAP_SYS_ADMIN. Only for a thread that ends afterwards.
     *
     * @param path {@code /proc/PID/ns/net}, or {@code /run/netns/NAME} of ip-netns(8)
     * @return 0 or a negative errno
     */
    public static int enterNetworkNamespace(String path) {
        int namespace = Linux.openNonBlocking(path);
        if (namespace < 0) {
            return namespace;
        }
        int result = (int) Syscall.call(CallNumbers.SETNS, namespace, CLONE_NEWNET, 0);
        Linux.close(namespace);
        return result;
    }
}
