package io.github.bcc4j.ffm.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The traffic control of a network device, as far as BPF programs need it: tc-bpf(8) over {@link Netlink}.
 *
 * <p>Source: the kernel's {@code include/uapi/linux/rtnetlink.h} and {@code pkt_sched.h}.
 */
public final class TrafficControl {
    private TrafficControl() {}

    private static final int RTM_NEWQDISC = 36;
    private static final int RTM_DELQDISC = 37;
    private static final int RTM_NEWTFILTER = 44;
    private static final int RTM_DELTFILTER = 45;
    private static final int RTM_GETTFILTER = 46;
    private static final int TCA_KIND = 1;
    private static final int TCA_OPTIONS = 2;
    private static final int TCA_BPF_FD = 6;
    private static final int TCA_BPF_NAME = 7;
    private static final int TCA_BPF_FLAGS = 8;
    private static final int TCA_BPF_FLAG_ACT_DIRECT = 1;
    private static final int TC_H_CLSACT = 0xFFFFFFF1;
    private static final int CLSACT_HANDLE = 0xFFFF0000;
    private static final int ETH_P_ALL = 3;

    /** Where packets come in: the parent of filters. */
    public static final int INGRESS = 0xFFFFFFF2;

    /** Where packets go out: the parent of filters. */
    public static final int EGRESS = 0xFFFFFFF3;

    /**
     * A filter of a device.
     *
     * @param interfaceIndex the device
     * @param parent {@link #INGRESS} or {@link #EGRESS}
     * @param priority lower ones run first; 0 lets the kernel choose, which is before all others
     * @param handle its number within the priority; 0 lets the kernel choose
     */
    public record Filter(int interfaceIndex, int parent, int priority, int handle) {}

    /** {@code struct tcmsg} and attributes. */
    private static ByteBuffer message(int interfaceIndex, int handle, int parent, int info) {
        return ByteBuffer.allocate(512)
                .order(ByteOrder.nativeOrder())
                .putInt(0)
                .putInt(interfaceIndex)
                .putInt(handle)
                .putInt(parent)
                .putInt(info);
    }

    private static ByteBuffer attribute(ByteBuffer m, int type, byte[] value) {
        m.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return m.position((m.position() + 3) & ~3);
    }

    private static ByteBuffer attribute(ByteBuffer m, int type, String value) {
        return attribute(m, type, (value + '\0').getBytes(StandardCharsets.UTF_8));
    }

    private static ByteBuffer attribute(ByteBuffer m, int type, int value) {
        return attribute(
                m,
                type,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    private static byte[] bytes(ByteBuffer m) {
        return Arrays.copyOf(m.array(), m.position());
    }

    /** Protocol in network order, priority above it. */
    private static int info(int priority) {
        return priority << 16 | Short.reverseBytes((short) ETH_P_ALL) & 0xffff;
    }

    /**
     * Gives a device the {@code clsact} qdisc that its filters hang on.
     *
     * @param socket a routing socket
     * @param interfaceIndex the device
     * @return the answer; EEXIST if it has it
     */
    public static Netlink.Answer addClsact(Netlink socket, int interfaceIndex) {
        ByteBuffer m = message(interfaceIndex, CLSACT_HANDLE, TC_H_CLSACT, 0);
        return socket.request(RTM_NEWQDISC, Netlink.CREATE, bytes(attribute(m, TCA_KIND, "clsact")));
    }

    /**
     * Takes the {@code clsact} qdisc away, with all filters.
     *
     * @param socket a routing socket
     * @param interfaceIndex the device
     * @return the answer
     */
    public static Netlink.Answer removeClsact(Netlink socket, int interfaceIndex) {
        ByteBuffer m = message(interfaceIndex, CLSACT_HANDLE, TC_H_CLSACT, 0);
        return socket.request(RTM_DELQDISC, 0, bytes(attribute(m, TCA_KIND, "clsact")));
    }

    /**
     * Adds a program as a filter whose result is the verdict (direct-action).
     *
     * @param socket a routing socket
     * @param filter where
     * @param programFd the program
     * @param name what tc(8) is to show
     * @return the answer, with the filter as made
     */
    public static Netlink.Answer addFilter(Netlink socket, Filter filter, int programFd, String name) {
        ByteBuffer m = message(filter.interfaceIndex, filter.handle, filter.parent, info(filter.priority));
        attribute(m, TCA_KIND, "bpf");
        int options = m.position();
        m.putInt(0);
        attribute(m, TCA_BPF_FD, programFd);
        attribute(m, TCA_BPF_NAME, name);
        attribute(m, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
        m.putShort(options, (short) (m.position() - options)).putShort(options + 2, (short) TCA_OPTIONS);
        return socket.request(RTM_NEWTFILTER, Netlink.CREATE | Netlink.ECHO, bytes(m));
    }

    /**
     * Removes a filter.
     *
     * @param socket a routing socket
     * @param filter as {@link #made} told
     * @return the answer
     */
    public static Netlink.Answer removeFilter(Netlink socket, Filter filter) {
        ByteBuffer m = message(filter.interfaceIndex, filter.handle, filter.parent, info(filter.priority));
        return socket.request(RTM_DELTFILTER, 0, bytes(attribute(m, TCA_KIND, "bpf")));
    }

    /**
     * The filter that an answer tells of.
     *
     * @param message of {@link Netlink.Answer#messages}
     * @return where it is, with the numbers that the kernel chose
     */
    public static Filter made(ByteBuffer message) {
        return new Filter(message.getInt(4), message.getInt(12), message.getInt(16) >>> 16, message.getInt(8));
    }

    /**
     * Whether a device has filters.
     *
     * @param socket a routing socket
     * @param interfaceIndex the device
     * @param parent {@link #INGRESS} or {@link #EGRESS}
     * @return true if there is one at least
     */
    public static boolean hasFilters(Netlink socket, int interfaceIndex, int parent) {
        return socket
                .request(RTM_GETTFILTER, Netlink.DUMP, bytes(message(interfaceIndex, 0, parent, 0)))
                .messages()
                .stream()
                .anyMatch(m -> made(m).handle() != 0);
    }
}
