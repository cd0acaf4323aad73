package io.github.bcc4j.attach;

import java.util.Locale;

/**
 * The program types bcc4j attaches, with the kernel's numbers; those of the kernel that go to several kinds of places are one here for
 * each. Source: {@code enum bpf_prog_type} and {@code enum bpf_attach_type}.
 */
public enum ProgramType {
    /** Runs at an instruction of the kernel or of a process. */
    KPROBE(2),
    /** Classifies packets. */
    SCHED_CLS(3),
    /** Runs at a static trace point, with its formatted fields. */
    TRACEPOINT(5),
    /** Runs before a packet has a socket buffer. */
    XDP(6),
    /** Runs when a perf event fires. */
    PERF_EVENT(7),
    /** Looks at the packets of a socket. */
    SOCKET_FILTER(1),
    /** Runs at a static trace point, with its raw arguments. */
    RAW_TRACEPOINT(17),
    /** Runs at many instructions of processes through one link; since Linux 6.6. */
    UPROBE_MULTI(2, 48),
    /** Runs at many kernel functions through one link; since Linux 5.18. */
    KPROBE_MULTI(2, 42),
    /** Runs when a kernel function is entered, with its typed arguments. */
    FENTRY(26, 24),
    /** Runs when a kernel function returns, with its typed arguments and result. */
    FEXIT(26, 25),
    /** Runs before a kernel function and may return in its stead. */
    FMOD_RET(26, 26),
    /** Runs for each of some things of the kernel when somebody reads. */
    ITERATOR(26, 28),
    /** Decides in a hook of the security modules. */
    LSM(29, 27),
    /** Looks at the packets that a cgroup's processes receive. */
    CGROUP_INGRESS(8, 0),
    /** Looks at the packets that a cgroup's processes send. */
    CGROUP_EGRESS(8, 1),
    /** Runs when a socket is made. */
    CGROUP_SOCK_CREATE(9, 2),
    /** Runs when a socket is given up; since Linux 5.9. */
    CGROUP_SOCK_RELEASE(9, 34),
    /** Runs after bind(2) on IPv4. */
    CGROUP_POST_BIND4(9, 12),
    /** Runs after bind(2) on IPv6. */
    CGROUP_POST_BIND6(9, 13),
    /** Follows the life of TCP connections. */
    CGROUP_SOCK_OPS(13, 3),
    /** Allows or forbids device files. */
    CGROUP_DEVICE(15, 6),
    /** Runs in bind(2) on IPv4. */
    CGROUP_BIND4(18, 8),
    /** Runs in bind(2) on IPv6. */
    CGROUP_BIND6(18, 9),
    /** Runs in connect(2) on IPv4. */
    CGROUP_CONNECT4(18, 10),
    /** Runs in connect(2) on IPv6. */
    CGROUP_CONNECT6(18, 11),
    /** Runs in sendmsg(2) of UDP on IPv4. */
    CGROUP_SENDMSG4(18, 14),
    /** Runs in sendmsg(2) of UDP on IPv6. */
    CGROUP_SENDMSG6(18, 15),
    /** Runs in recvmsg(2) of UDP on IPv4. */
    CGROUP_RECVMSG4(18, 19),
    /** Runs in recvmsg(2) of UDP on IPv6. */
    CGROUP_RECVMSG6(18, 20),
    /** Runs in getpeername(2) on IPv4. */
    CGROUP_GETPEERNAME4(18, 29),
    /** Runs in getpeername(2) on IPv6. */
    CGROUP_GETPEERNAME6(18, 30),
    /** Runs in getsockname(2) on IPv4. */
    CGROUP_GETSOCKNAME4(18, 31),
    /** Runs in getsockname(2) on IPv6. */
    CGROUP_GETSOCKNAME6(18, 32),
    /** Runs when a setting below /proc/sys is read or written. */
    CGROUP_SYSCTL(23, 18),
    /** Runs in getsockopt(2). */
    CGROUP_GETSOCKOPT(25, 21),
    /** Runs in setsockopt(2). */
    CGROUP_SETSOCKOPT(25, 22),
    /** Finds the messages in the stream of a socket in a map. */
    SK_SKB_STREAM_PARSER(14, 4),
    /** Decides where a message goes that a parser found. */
    SK_SKB_STREAM_VERDICT(14, 5),
    /** Decides where what a socket in a map receives goes, without a parser. */
    SK_SKB_VERDICT(14, 38),
    /** Decides where what a socket in a map sends goes. */
    SK_MSG(16, 7),
    /** Takes packets apart for the kernel. */
    FLOW_DISSECTOR(22, 17),
    /** Chooses the socket of a new connection. */
    SK_LOOKUP(30, 36);

    private final int number;
    private final int attachType;

    ProgramType(int number) {
        this(number, 0);
    }

    ProgramType(int number, int attachType) {
        this.number = number;
        this.attachType = attachType;
    }

    /**
     * How the kernel is told to expect it to be attached.
     *
     * @return {@code expected_attach_type}: a number of {@code enum bpf_attach_type}, 0 where it does not matter
     */
    public int attachType() {
        return attachType;
    }

    /**
     * Whether a program of this type is loaded for one place, so that it can't be loaded without attaching it.
     *
     * @return true for functions by their type, hooks and iterators
     */
    public boolean isBoundToPlace() {
        return number == 26 || number == 29;
    }

    /**
     * The kernel's number.
     *
     * @return {@code BPF_PROG_TYPE_}
     */
    public int number() {
        return number;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
