package io.github.bcc4j.tools.cli;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Options of tools for TCP that choose among connections, and how addresses are written. */
public final class Ip {
    private static final class Family {
        @Option(
                names = {"-4", "--ipv4"},
                description = "Trace IPv4 only.")
        private boolean four;

        @Option(
                names = {"-6", "--ipv6"},
                description = "Trace IPv6 only.")
        private boolean six;
    }

    @ArgGroup
    private Family family = new Family();

    /** For picocli. */
    public Ip() {}

    /**
     * Tells a program which family the user wants.
     *
     * @param program gets {@code other_family}, of a remote address of 16 bytes
     * @return the program
     */
    public Program define(Program program) {
        return program.defineIf("ONLY_IPV4", family.four).defineIf("ONLY_IPV6", family.six);
    }

    /**
     * Ports that the user has listed.
     *
     * @param list numbers with commas between them; null for all
     * @return the numbers, none for all
     * @throws IllegalArgumentException if one is no port
     */
    public static Set<Integer> ports(String list) {
        Set<Integer> ports = new TreeSet<>();
        for (String port : list == null ? new String[0] : list.split(",")) {
            if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
                throw new IllegalArgumentException("not a port from 0 to 65535: \"" + port + '"');
            }
            ports.add(Integer.valueOf(port));
        }
        return ports;
    }

    /**
     * Which version of the protocol an address is of. That of IPv4 within one of IPv6, as sockets for both have it, is of IPv4.
     *
     * @param address any
     * @return 4 or 6
     */
    public static int version(InetAddress address) {
        return plain(address) instanceof Inet4Address ? 4 : 6;
    }

    private static InetAddress plain(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress()); // knows ::ffff:a.b.c.d
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // it has the length that it had
        }
    }

    /**
     * An address as text, shortened as RFC 5952 has it.
     *
     * @param address any
     * @return such as {@code 10.0.0.1} or {@code fe80::1}
     */
    public static String text(InetAddress address) {
        if (plain(address) instanceof Inet4Address four) {
            return four.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = IntStream.range(0, 8)
                .map(i -> (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff)
                .toArray();
        int start = -1;
        int length = 1; // of the longest run of zeros, the first if there are several; a single one stays
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        return start < 0 ? hex(groups, 0, 8) : hex(groups, 0, start) + "::" + hex(groups, start + length, 8);
    }

    private static String hex(int[] groups, int from, int to) {
        return Arrays.stream(groups, from, to).mapToObj(Integer::toHexString).collect(Collectors.joining(":"));
    }
}
