package io.github.bcc4j.tools;

import io.github.bcc4j.type.Unsigned;
import java.net.InetAddress;

/** A change of a connection's state, as inet.c has it. */
record InetEvent(
        long ns,
        long lasted,
        long sk,
        long sent,
        long received,
        @Unsigned int pid,
        @Unsigned int uid,
        @Unsigned int lport,
        @Unsigned int rport,
        @Unsigned int oldstate,
        @Unsigned int newstate,
        InetAddress laddr,
        InetAddress raddr,
        String comm) {}
