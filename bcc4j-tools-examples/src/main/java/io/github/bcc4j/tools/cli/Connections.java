package io.github.bcc4j.tools.cli;

import java.util.Set;
import picocli.CommandLine.Option;

/** Options of tools that follow TCP connections of both sides: which, and how they are printed. */
public final class Connections {
    @Option(
            names = {"-T", "--time"},
            description = "Print the time of day.")
    private boolean time;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print seconds since the first one.")
    private boolean timestamp;

    @Option(
            names = {"-w", "--wide"},
            description = "Leave room for IPv6 addresses.")
    private boolean wide;

    @Option(
            names = {"-L", "--localport"},
            paramLabel = "PORT,...",
            description = "Trace these local ports only.")
    private String localPorts;

    @Option(
            names = {"-D", "--remoteport"},
            paramLabel = "PORT,...",
            description = "Trace these remote ports only.")
    private String remotePorts;

    private Set<Integer> local;
    private Set<Integer> remote;

    /** For picocli. */
    public Connections() {}

    /**
     * Checks what the user asked for.
     *
     * @throws IllegalArgumentException if a port is none
     */
    public void check() {
        local = Ip.ports(localPorts);
        remote = Ip.ports(remotePorts);
    }

    /**
     * Whether a connection is asked for.
     *
     * @param localPort its port here
     * @param remotePort its port there
     * @return true if so
     */
    public boolean wants(int localPort, int remotePort) {
        return (local.isEmpty() || local.contains(localPort)) && (remote.isEmpty() || remote.contains(remotePort));
    }

    /**
     * Whether to print the time of day.
     *
     * @return as the user asked
     */
    public boolean time() {
        return time;
    }

    /**
     * Whether to print seconds.
     *
     * @return as the user asked
     */
    public boolean timestamp() {
        return timestamp;
    }

    /**
     * Whether to leave room for long addresses.
     *
     * @return as the user asked
     */
    public boolean wide() {
        return wide;
    }
}
