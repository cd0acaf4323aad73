package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A routing socket of rtnetlink(7): one request at a time, each with its answers. It stays in the network namespace of the thread
 * that opened it. Thread-safe.
 */
public final class Netlink implements AutoCloseable {
    /** {@code NLM_F_CREATE | NLM_F_EXCL}: make what is not there. */
    public static final int CREATE = 0x600;

    /** {@code NLM_F_ECHO}: answer with what was made. */
    public static final int ECHO = 8;

    /** {@code NLM_F_DUMP}: answer with all there are. */
    public static final int DUMP = 0x300;

    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NLM_F_REQUEST = 1;
    private static final int NLM_F_ACK = 4;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int NLMSGERR_ATTR_MSG = 1;
    private static final int HEADER = 16;
    private static final int ERROR = HEADER + 4 + HEADER;

    private final Fd socket;
    private int sequence;

    private Netlink(Fd socket) {
        this.socket = socket;
    }

    /**
     * Opens a socket in this thread's network namespace.
     *
     * @return the socket
     */
    public static Netlink open() {
        Fd socket = Fd.own(Sockets.socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE), "routing socket");
        // Kernels before 4.12 know neither; their answers have no text then.
        Sockets.setOption(socket.number(), SOL_NETLINK, NETLINK_CAP_ACK, 1);
        Sockets.setOption(socket.number(), SOL_NETLINK, NETLINK_EXT_ACK, 1);
        return new Netlink(socket);
    }

    /**
     * What the kernel answered.
     *
     * @param errno 0, or a positive error number
     * @param text the kernel's words about an error, or null
     * @param messages the bodies of its messages, little-endian, behind their headers
     */
    public record Answer(int errno, String text, List<ByteBuffer> messages) {}

    /**
     * Sends a request and waits for the answers.
     *
     * @param type {@code RTM_}
     * @param flags {@link #CREATE}, {@link #ECHO}, {@link #DUMP} or 0
     * @param body the family's struct and attributes
     * @return the answers
     */
    public synchronized Answer request(int type, int flags, byte[] body) {
        int number = ++sequence;
        byte[] message = ByteBuffer.allocate(HEADER + body.length)
                .order(ByteOrder.nativeOrder())
                .putInt(HEADER + body.length)
                .putShort((short) type)
                .putShort((short) (flags | NLM_F_REQUEST | NLM_F_ACK))
                .putInt(number)
                .putInt(0)
                .put(body)
                .array();
        return socket.use(fd -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment out = arena.allocate(message.length, 4).copyFrom(MemorySegment.ofArray(message));
                int sent = (int) Syscall.call(CallNumbers.SENDTO, fd, out.address(), message.length, 0, 0, 0);
                return sent < 0 ? new Answer(-sent, null, List.of()) : answers(fd, number, arena.allocate(64 << 10, 4));
            }
        });
    }

    private static Answer answers(int fd, int number, MemorySegment buffer) {
        List<ByteBuffer> messages = new ArrayList<>();
        while (true) {
            int received = Sockets.receive(fd, buffer, 0);
            if (received < 0) {
                return new Answer(-received, null, messages);
            }
            ByteBuffer in = ByteBuffer.wrap(buffer.asSlice(0, received).toArray(JAVA_BYTE))
                    .order(ByteOrder.nativeOrder());
            for (int at = 0; at + HEADER <= received; at += (in.getInt(at) + 3) & ~3) {
                int length = in.getInt(at);
                if (in.getInt(at + 8) != number) {
                    continue; // of a request that was given up
                }
                switch (in.getShort(at + 4)) {
                    case NLMSG_DONE -> {
                        return new Answer(0, null, messages);
                    }
                    case NLMSG_ERROR -> {
                        return new Answer(-in.getInt(at + HEADER), text(in, at + ERROR, at + length), messages);
                    }
                    default ->
                        messages.add(in.slice(at + HEADER, length - HEADER).order(ByteOrder.nativeOrder()));
                }
            }
        }
    }

    /** The kernel's words, among the attributes behind an error. */
    private static String text(ByteBuffer in, int from, int to) {
        for (int at = from; at + 4 <= to; at += (in.getShort(at) + 3) & ~3) {
            int length = in.getShort(at) - 4;
            if (in.getShort(at + 2) == NLMSGERR_ATTR_MSG && length > 1) {
                byte[] text = new byte[length - 1]; // without its NUL
                in.get(at + 4, text);
                return new String(text, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    @Override
    public void close() {
        socket.close();
    }
}
