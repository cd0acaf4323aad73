package io.github.bcc4j.attach;

import java.util.Objects;

/**
 * An instruction of the kernel: the entry of a function, an offset in it, or its return.
 *
 * <p>Kernel floor: 4.17 (the {@code kprobe} performance unit, whose probes end with their descriptor).
 *
 * @param function the function's symbol
 * @param offset bytes from its start; 0 for a return probe
 * @param returning whether to run when it returns instead of when it is entered
 * @param maxActive for a return probe, how many calls may be under way at once; 0 for the kernel's default. Anything else needs a
 *     named probe in tracefs, which a killed process leaves behind unused until the next such attachment sweeps it away.
 */
public record KprobeSpec(String function, long offset, boolean returning, int maxActive) implements AttachSpec {
    /** Checks the parts. */
    public KprobeSpec {
        Objects.requireNonNull(function, "function");
        if (!function.matches("[A-Za-z_.$][A-Za-z0-9_.$]*")) {
            throw new IllegalArgumentException("not a kernel symbol: \"" + function + '"');
        }
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset in " + function + ": " + offset);
        }
        if (returning && offset != 0) {
            throw new IllegalArgumentException("a return probe of " + function + " takes no offset");
        }
        if (maxActive < 0 || maxActive > 4096) {
            throw new IllegalArgumentException("maxActive must be 0 to 4096, not " + maxActive);
        }
        if (!returning && maxActive != 0) {
            throw new IllegalArgumentException("maxActive is for return probes, not for the entry of " + function);
        }
    }

    /**
     * The entry of a function, or an offset in it.
     *
     * @param target {@code function} or {@code function+offset}, the offset in decimal or as {@code 0x1f}
     * @return the place
     */
    public static KprobeSpec entry(String target) {
        int plus = target.indexOf('+');
        if (plus < 0) {
            return new KprobeSpec(target, 0, false, 0);
        }
        try {
            return new KprobeSpec(target.substring(0, plus), Long.decode(target.substring(plus + 1)), false, 0);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a kernel symbol and offset: \"" + target + '"', e);
        }
    }

    /**
     * The return of a function.
     *
     * @param function its symbol
     * @return the place
     */
    public static KprobeSpec returnOf(String function) {
        return new KprobeSpec(function, 0, true, 0);
    }

    @Override
    public ProgramType programType() {
        return ProgramType.KPROBE;
    }

    @Override
    public String toString() {
        return (returning ? "r:" : "p:") + function + (offset == 0 ? "" : "+0x" + Long.toHexString(offset));
    }
}
