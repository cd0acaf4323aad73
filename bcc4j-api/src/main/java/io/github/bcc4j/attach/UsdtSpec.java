package io.github.bcc4j.attach;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * A static probe of a program or library, at all its locations.
 *
 * <p>Kernel floor: 4.17; 4.20 for probes with a semaphore, which the kernel then raises in every process for as long as the probe is attached;
 * 5.15 with cookies.
 *
 * @param probe which, of {@link Usdt#probes}
 * @param pid the process whose threads alone are to be probed; empty for all processes
 * @param firstCookie what {@code bpf_get_attach_cookie} gives at the first location, one more at the next, and so on; 0 for none
 */
public record UsdtSpec(UsdtProbe probe, OptionalInt pid, long firstCookie) implements AttachSpec {
    /** Checks the parts. */
    public UsdtSpec {
        Objects.requireNonNull(probe, "probe");
        pid.ifPresent(UprobeSpec::checkPid);
    }

    @Override
    public ProgramType programType() {
        return ProgramType.KPROBE;
    }

    @Override
    public String toString() {
        return "u:" + probe + (pid.isPresent() ? " in process " + pid.getAsInt() : "");
    }
}
