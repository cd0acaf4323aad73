package io.github.bcc4j.attach;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A network device, in the network namespace of this process or in another one.
 *
 * @param name its name: {@code eth0}
 * @param namespace the file of its namespace, empty for this process's own. Another namespace takes CAP_SYS_ADMIN.
 */
public record NetworkDevice(String name, Optional<Path> namespace) {
    /** Checks the parts. */
    public NetworkDevice {
        Objects.requireNonNull(namespace, "namespace");
        if (!name.matches("[^/\\s:]{1,15}")) {
            throw new IllegalArgumentException("not the name of a network device: \"" + name + '"');
        }
    }

    /**
     * A device of this process's network namespace.
     *
     * @param name its name
     * @return the device
     */
    public static NetworkDevice of(String name) {
        return new NetworkDevice(name, Optional.empty());
    }

    /**
     * The device of this name in another network namespace.
     *
     * @param file {@code /proc/PID/ns/net} of a process there, or {@code /run/netns/NAME} of ip-netns(8)
     * @return the device
     */
    public NetworkDevice inNamespace(Path file) {
        return new NetworkDevice(name, Optional.of(file));
    }

    @Override
    public String toString() {
        return namespace.map(n -> name + " in " + n).orElse(name);
    }
}
