package io.github.bcc4j.tests;

import java.io.File;
import java.io.IOException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** A socket of this process, with its descriptor. */
record TestSocket(DatagramChannel channel, int descriptor) implements AutoCloseable {
    static TestSocket open() throws IOException {
        Set<Integer> before = sockets();
        DatagramChannel channel = DatagramChannel.open();
        Set<Integer> now = sockets();
        now.removeAll(before);
        return new TestSocket(channel, now.iterator().next());
    }

    private static Set<Integer> sockets() {
        Set<Integer> found = new TreeSet<>();
        for (String fd : new File("/proc/self/fd").list()) {
            try {
                if (Files.readSymbolicLink(Path.of("/proc/self/fd", fd))
                        .toString()
                        .startsWith("socket:")) {
                    found.add(Integer.valueOf(fd));
                }
            } catch (IOException e) {
                // that of the listing itself, which is closed by now
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
