package io.github.bcc4j.junit.workload;

import io.github.bcc4j.attach.NetworkDevice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two hosts and a cable: two network namespaces of this kernel, with a virtual Ethernet device named {@code v0} in each, connected. The left
 * host is 10.99.0.1 with MAC address 02:00:00:00:00:01, the right one 10.99.0.2 with 02:00:00:00:00:02. There is no IPv6, and each knows
 * the other's MAC address, so that nothing is on the cable but what a test sends.
 *
 * {@snippet :
 * try (Netns net = Netns.pair()) {
 *     bpf.attachXdp(net.right().device(), "count");
 *     net.left().datagrams(5).run();
 * }
 * }
 *
 * <p>Takes CAP_SYS_ADMIN, CAP_NET_ADMIN and the {@code ip} command. Each pair is a world of its own: any number may exist. What a killed
 * process has left is removed when the next pair is made. Thread-safe.
 */
public final class Netns implements AutoCloseable {
    /** The UDP port that {@link Host#datagrams} sends to; nobody listens there unless a test does. */
    public static final int PORT = 4711;

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Path ALL = Path.of("/run/netns");
    private static final Pattern OURS = Pattern.compile("bcc4j(\\d+)n\\d+(left|right)");

    private final Host left;
    private final Host right;
    private boolean closed;

    /** One end. */
    public static final class Host {
        private final String name;
        private final int number;

        private Host(String name, int number) {
            this.name = name;
            this.number = number;
        }

        /**
         * The file of its network namespace.
         *
         * @return below /run/netns
         */
        public Path namespace() {
            return ALL.resolve(name);
        }

        /**
         * Its end of the cable.
         *
         * @return {@code v0} there
         */
        public NetworkDevice device() {
            return NetworkDevice.of("v0").inNamespace(namespace());
        }

        /**
         * Its IPv4 address.
         *
         * @return {@code 10.99.0.1} or {@code 10.99.0.2}
         */
        public String address() {
            return "10.99.0." + number;
        }

        /**
         * Runs a command there to its end.
         *
         * @param command the program and its arguments
         * @return of its process, with what it printed
         * @throws WorkloadException if it can't be run, fails, or takes more than a minute
         */
        public Workload.Done run(String... command) {
            List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
            all.addAll(Arrays.asList(command));
            return Commands.run(all);
        }

        /**
         * A workload that runs there, on a thread of its own: sockets made by it are this host's.
         *
         * @param workload what to do
         * @return the same, elsewhere
         */
        public Workload on(Workload workload) {
            return () -> call(workload::run);
        }

        /**
         * Calls something there, on a thread of its own: sockets made by it are this host's, also later.
         *
         * @param action what
         * @param <T> the type of its result
         * @return its result
         * @throws WorkloadException if it throws, or this process may not go there
         */
        public <T> T call(Callable<T> action) {
            FutureTask<T> task = new FutureTask<>(() -> {
                Libc.enter(namespace());
                return action.call();
            });
            Thread.ofPlatform().daemon().name("on " + name).start(task);
            try {
                return task.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof WorkloadException w) {
                    throw w;
                }
                throw new WorkloadException("on host " + address() + ": " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                task.cancel(true);
                Thread.currentThread().interrupt();
                throw new WorkloadException("interrupted on host " + address(), e);
            }
        }

        /**
         * Sends UDP packets with the texts "packet 0", "packet 1" and so on to {@link Netns#PORT} of the other host. They are on the cable
         * for a moment after this has ended.
         *
         * @param n how many
         * @return of the sending thread
         */
        public Workload datagrams(int n) {
            InetSocketAddress other = new InetSocketAddress("10.99.0." + (3 - number), PORT);
            return on(() -> {
                try (DatagramChannel socket = DatagramChannel.open(StandardProtocolFamily.INET)) {
                    for (int i = 0; i < n; i++) {
                        socket.send(ByteBuffer.wrap(("packet " + i).getBytes(StandardCharsets.US_ASCII)), other);
                    }
                } catch (IOException e) {
                    throw new WorkloadException("can't send from " + address() + ": " + e, e);
                }
                return Libc.byThisThread(n, List.of());
            });
        }

        @Override
        public String toString() {
            return "host " + address() + " in " + namespace();
        }
    }

    private Netns(String name) {
        left = new Host(name + "left", 1);
        right = new Host(name + "right", 2);
    }

    /**
     * Makes two hosts and connects them.
     *
     * @return the pair, to be closed
     * @throws WorkloadException if that can't be done, with what the {@code ip} command says
     */
    public static Netns pair() {
        sweep();
        Netns net = new Netns("bcc4j" + ProcessHandle.current().pid() + "n" + COUNT.incrementAndGet());
        try {
            net.make();
            return net;
        } catch (RuntimeException e) {
            net.close();
            throw e;
        }
    }

    private void make() {
        for (Host host : List.of(left, right)) {
            ip("netns add " + host.name);
            host.run(
                    "sh",
                    "-c",
                    "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6"
                            + " && echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6 && ip link set lo up");
        }
        ip("link add v0 address 02:00:00:00:00:01 netns " + left.name
                + " type veth peer name v0 address 02:00:00:00:00:02 netns " + right.name);
        for (Host host : List.of(left, right)) {
            int other = 3 - host.number;
            host.run(
                    "sh",
                    "-c",
                    "ip address add " + host.address() + "/24 dev v0 && ip link set v0 up && ip neigh add 10.99.0."
                            + other + " lladdr 02:00:00:00:00:0" + other + " dev v0");
        }
    }

    private static void ip(String arguments) {
        try {
            Commands.run(List.of(("ip " + arguments).split(" ")));
        } catch (WorkloadException e) {
            throw new WorkloadException(
                    "can't make or remove two hosts: " + e.getMessage(),
                    "it takes CAP_SYS_ADMIN and CAP_NET_ADMIN, and the package iproute2",
                    e);
        }
    }

    /** Removes what killed processes have left, as far as nobody else does so at this moment. */
    private static void sweep() {
        try (Stream<Path> all = Files.list(ALL)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Matcher ours = OURS.matcher(file.getFileName().toString());
                if (ours.matches()
                        && ProcessHandle.of(Long.parseLong(ours.group(1))).isEmpty()) {
                    ip("netns del " + file.getFileName());
                }
            }
        } catch (IOException | WorkloadException e) {
            // There are none yet, or this process may not; the pair to be made will say so.
        }
    }

    /**
     * The host 10.99.0.1.
     *
     * @return the left end
     */
    public Host left() {
        return left;
    }

    /**
     * The host 10.99.0.2.
     *
     * @return the right end
     */
    public Host right() {
        return right;
    }

    /** Removes both hosts and the cable. Closing again does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Host host : List.of(left, right)) {
            if (Files.exists(host.namespace())) {
                ip("netns del " + host.name);
            }
        }
    }
}
