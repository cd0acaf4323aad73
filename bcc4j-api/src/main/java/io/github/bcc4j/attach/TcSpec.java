package io.github.bcc4j.attach;

import java.util.Objects;

/**
 * The packets of a network device on their way in or out, with their socket buffers. The program's result is the verdict: {@code
 * TC_ACT_OK}, {@code TC_ACT_SHOT}, ..., and {@code TC_ACT_UNSPEC} (-1) to let the next program decide.
 *
 * <p>Since Linux 6.6 this is a TCX link, which ends with its descriptor. Before, or if a priority or handle is given, it is a filter
 * on the device's {@code clsact} qdisc, as tc(8) makes them (Linux 4.5). <b>Such a filter belongs to the device, so a killed process
 * leaves it behind, running:</b> {@code tc filter show dev DEVICE ingress} shows it by the function's name, {@code tc qdisc del dev
 * DEVICE clsact} takes all away. Closed, it takes the qdisc with it, if it had brought it and nothing else uses it.
 *
 * @param device the device
 * @param egress whether it is about packets that go out instead of those that come in
 * @param priority of a filter, lower ones run first: 1 to 65535; 0 for none in particular
 * @param handle of a filter, its number within the priority; 0 for none in particular
 */
public record TcSpec(NetworkDevice device, boolean egress, int priority, int handle) implements AttachSpec {
    /** Checks the parts. */
    public TcSpec {
        Objects.requireNonNull(device, "device");
        if (priority < 0 || priority > 0xffff) {
            throw new IllegalArgumentException(
                    "a priority is 1 to 65535, or 0 for none in particular, not " + priority);
        }
    }

    /**
     * What a device of this process's network namespace receives.
     *
     * @param device its name
     * @return the place
     */
    public static TcSpec ingress(String device) {
        return new TcSpec(NetworkDevice.of(device), false, 0, 0);
    }

    /**
     * What a device of this process's network namespace sends.
     *
     * @param device its name
     * @return the place
     */
    public static TcSpec egress(String device) {
        return new TcSpec(NetworkDevice.of(device), true, 0, 0);
    }

    /**
     * Whether it has to be a filter of tc(8), which alone have priorities and handles.
     *
     * @return true if so
     */
    public boolean isFilter() {
        return priority != 0 || handle != 0;
    }

    @Override
    public ProgramType programType() {
        return ProgramType.SCHED_CLS;
    }

    @Override
    public String toString() {
        return "tc:" + device + (egress ? " egress" : " ingress") + (priority == 0 ? "" : " priority " + priority)
                + (handle == 0 ? "" : " handle " + Integer.toUnsignedString(handle));
    }
}
