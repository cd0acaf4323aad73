package io.github.bcc4j.attach;

import java.util.Locale;
import java.util.Objects;

/**
 * The packets that a network device receives, before anything else of the kernel sees them. One program a device. Kernel floor: 5.9
 * (links, which end with their descriptor).
 *
 * @param device the device
 * @param mode who runs the program
 */
public record XdpSpec(NetworkDevice device, Mode mode) implements AttachSpec {
    /** Who runs the program. */
    public enum Mode {
        /** The driver if it can, else the kernel. */
        AUTO(0),
        /** The kernel, for any device: the packet has a socket buffer already, so it is slower. */
        GENERIC(2),
        /** The driver. */
        NATIVE(4),
        /** The device itself. The program is loaded for it alone and may use no maps. */
        OFFLOAD(8);

        private final int flags;

        Mode(int flags) {
            this.flags = flags;
        }

        /**
         * The kernel's number.
         *
         * @return {@code XDP_FLAGS_}
         */
        public int flags() {
            return flags;
        }
    }

    /** Checks the parts. */
    public XdpSpec {
        Objects.requireNonNull(device, "device");
        if (mode == Mode.OFFLOAD && device.namespace().isPresent()) {
            throw new IllegalArgumentException(
                    "a program is offloaded to a device of this process's network namespace," + " not to " + device);
        }
        Objects.requireNonNull(mode, "mode");
    }

    /**
     * A device of this process's network namespace, in the best mode it can.
     *
     * @param device its name
     * @return the place
     */
    public static XdpSpec of(String device) {
        return new XdpSpec(NetworkDevice.of(device), Mode.AUTO);
    }

    @Override
    public ProgramType programType() {
        return ProgramType.XDP;
    }

    @Override
    public String toString() {
        return "xdp:" + device + (mode == Mode.AUTO ? "" : " (" + mode.name().toLowerCase(Locale.ROOT) + ")");
    }
}
