package io.github.bcc4j.attach;

import java.util.Objects;

/**
 * All packets that a network device sends and receives, copied to a packet socket. The program says how many bytes of each are kept,
 * 0 for none. Needs CAP_NET_RAW. Kernel floor: 3.19.
 *
 * @param device the device
 */
public record RawSocketSpec(NetworkDevice device) implements AttachSpec {
    /** Checks the part. */
    public RawSocketSpec {
        Objects.requireNonNull(device, "device");
    }

    @Override
    public ProgramType programType() {
        return ProgramType.SOCKET_FILTER;
    }

    @Override
    public String toString() {
        return "socket:" + device;
    }
}
