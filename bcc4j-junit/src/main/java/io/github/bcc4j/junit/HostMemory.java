package io.github.bcc4j.junit;

import io.github.bcc4j.junit.VmException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many guests fit beside each other. */
final class HostMemory {
    private HostMemory() {}

    /** The megabytes that can be had without swapping. */
    static long availableMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /**
     * How many of these guests run at the same time.
     *
     * @throws VmException if not one does
     */
    static int guests(int wanted, int megabytes, long available) {
        if (megabytes > available) {
            throw new VmException(
                    Reason.MEMORY,
                    "a guest with " + megabytes + " MB of memory does not fit: this host has " + available
                            + " MB available",
                    "free some on the host, or ask for less: @OnKernels(memory = ...)");
        }
        int most = Math.max(1, Integer.getInteger("bcc4j.vm.parallel", wanted));
        return (int) Math.min(Math.min(wanted, most), available / megabytes);
    }
}
