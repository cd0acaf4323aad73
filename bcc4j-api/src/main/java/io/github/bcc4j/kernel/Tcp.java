package io.github.bcc4j.kernel;

import java.util.List;
import java.util.StringJoiner;

/** Names of TCP's numbers. Source: the kernel's {@code include/net/tcp_states.h} and {@code include/net/tcp.h}. */
public final class Tcp {
    private static final List<String> STATES = List.of(
            "ESTABLISHED",
            "SYN_SENT",
            "SYN_RECV",
            "FIN_WAIT1",
            "FIN_WAIT2",
            "TIME_WAIT",
            "CLOSE",
            "CLOSE_WAIT",
            "LAST_ACK",
            "LISTEN",
            "CLOSING",
            "NEW_SYN_RECV",
            "BOUND_INACTIVE");
    private static final List<String> FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR");

    private Tcp() {}

    /**
     * The name of a connection's state, such as a socket's {@code skc_state}.
     *
     * @param state the kernel's number, from 1 on
     * @return as in {@code TCP_ESTABLISHED}, without {@code TCP_}; the number itself if it is no state
     */
    public static String state(int state) {
        return state >= 1 && state <= STATES.size() ? STATES.get(state - 1) : String.valueOf(state);
    }

    /**
     * The names of the flags in the 14th byte of a TCP header.
     *
     * @param flags the byte
     * @return such as {@code SYN|ACK}, lowest bit first; empty if none is set
     */
    public static String flags(int flags) {
        StringJoiner names = new StringJoiner("|");
        for (int bit = 0; bit < FLAGS.size(); bit++) {
            if ((flags >> bit & 1) != 0) {
                names.add(FLAGS.get(bit));
            }
        }
        return names.toString();
    }
}
