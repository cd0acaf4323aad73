package io.github.bcc4j.tests;

import io.github.bcc4j.attach.NetworkDevice;
import io.github.bcc4j.junit.workload.Netns;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** {@link Netns} by numbers: side 1 is the left host, 10.99.0.1, and side 2 the right one, 10.99.0.2. */
final class NetworkLab implements AutoCloseable {
    static final int PORT = Netns.PORT;

    private final Netns net = Netns.pair();

    private Netns.Host host(int side) {
        return side == 1 ? net.left() : net.right();
    }

    /** Runs a command in the namespace of a side, 1 or 2. */
    List<String> run(int side, String... command) {
        return host(side).run(command).lines();
    }

    Path namespace(int side) {
        return host(side).namespace();
    }

    /** The end of the cable on a side, 1 or 2. */
    NetworkDevice device(int side) {
        return host(side).device();
    }

    /** Sends "packet 0", "packet 1", ... from the left to UDP port {@link #PORT} of the right. */
    void send(int packets) {
        net.left().datagrams(packets).run();
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
        net.close();
    }
}
