package io.github.bcc4j.kernel;

import io.github.bcc4j.BpfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** The machine's CPUs, by number. Source: the kernel's {@code /sys/devices/system/cpu} lists. */
public final class Cpus {
    private Cpus() {}

    /**
     * The CPUs there may ever be while this kernel runs; per-CPU maps have a value for each.
     *
     * @return their numbers
     */
    public static BitSet possible() {
        return read("possible");
    }

    /**
     * The CPUs that run now.
     *
     * @return their numbers
     */
    public static BitSet online() {
        return read("online");
    }

    /**
     * A CPU that runs now; number 0 need not.
     *
     * @return the lowest number
     */
    public static int firstOnline() {
        return online().nextSetBit(0);
    }

    private static BitSet read(String list) {
        try {
            return parse(Files.readString(Path.of("/sys/devices/system/cpu", list)));
        } catch (IOException e) {
            throw new BpfException(
                    "can't read the list of " + list + " CPUs: " + e.getMessage(),
                    "/sys is not mounted, or not for this process: mount -t sysfs nodev /sys",
                    e);
        }
    }

    /** {@code 0-3,8,10-11}. */
    static BitSet parse(String list) {
        BitSet cpus = new BitSet();
        for (String range : list.strip().split(",")) {
            String[] ends = range.split("-");
            cpus.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
        }
        return cpus;
    }
}
