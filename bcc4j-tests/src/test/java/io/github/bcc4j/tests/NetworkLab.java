package io.github.bcc4j.tests;

import io.github.bcc4j.attach.NetworkDevice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Two network namespaces with a cable between them: {@code v0} on either side, 10.99.0.1 on the left, 10.99.0.2 on the right. No IPv6
 * and no address resolution, so that nothing is on the cable but what a test sends.
 */
final class NetworkLab implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    static final int PORT = 4711;

    private final String name = "bcc4j" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet();

    NetworkLab() {
        for (int side = 1; side <= 2; side++) {
            ip("netns", "add", name(side));
            run(
                    side,
                    "sh",
                    "-c",
                    "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
                            + " && echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 && ip link set lo up");
        }
        ip(("link add v0 address 02:00:00:00:00:01 netns " + name(1)
                        + " type veth peer name v0 address 02:00:00:00:00:02 netns " + name(2))
                .split(" "));
        for (int side = 1; side <= 2; side++) {
            run(side, "ip", "address", "add", "10.99.0." + side + "/24", "dev", "v0");
            run(side, "ip", "link", "set", "v0", "up");
            int other = 3 - side;
            run(side, ("ip neigh add 10.99.0." + other + " lladdr 02:00:00:00:00:0" + other + " dev v0").split(" "));
        }
    }

    private String name(int side) {
        return name + (side == 1 ? "left" : "right");
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        Workloads.run(command.toArray(String[]::new));
    }

    /** Runs a command in the namespace of a side, 1 or 2. */
    List<String> run(int side, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name(side)));
        all.addAll(List.of(command));
        return Workloads.run(all.toArray(String[]::new)).lines();
    }

    Path namespace(int side) {
        return Path.of("/run/netns", name(side));
    }

    /** The end of the cable on a side, 1 or 2. */
    NetworkDevice device(int side) {
        return NetworkDevice.of("v0").inNamespace(namespace(side));
    }

    /** Sends "packet 0", "packet 1", ... from the left to UDP port {@link #PORT} of the right. */
    void send(int packets) {
        run(1, "/usr/bin/python3", "-c", """
                import socket
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                for i in range(%d): s.sendto(b"packet %%d" %% i, ("10.99.0.2", %d))
                """.formatted(packets, PORT));
    }

    /** A value once it is there: packets are under way for a moment after they are sent. */
    static long eventually(LongSupplier value, long expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (value.getAsLong() != expected && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        return value.getAsLong();
    }

    @Override
    public void close() {
        ip("netns", "del", name(1));
        ip("netns", "del", name(2));
    }
}
