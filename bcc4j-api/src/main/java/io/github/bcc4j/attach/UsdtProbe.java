package io.github.bcc4j.attach;

import java.nio.file.Path;
import java.util.List;

/**
 * A static probe of a program or library: a place its author marked, with arguments.
 *
 * @param binary the file that has it
 * @param provider the author's name for the program
 * @param name the probe's name
 * @param locations where it is in the code; the compiler may have copied it with its surroundings
 */
public record UsdtProbe(Path binary, String provider, String name, List<Location> locations) {
    /** Checks the parts. */
    public UsdtProbe {
        locations = List.copyOf(locations);
    }

    /**
     * A place in the code where a probe is.
     *
     * @param address where it is, before the file is placed in a process
     * @param fileOffset where it is in the file
     * @param semaphore the offset in the file of the 16-bit counter by which the program knows that somebody looks; 0 if it always passes here
     * @param arguments the arguments here
     */
    public record Location(long address, long fileOffset, long semaphore, List<UsdtArgument> arguments) {
        /** Checks the parts. */
        public Location {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * Provider and name.
     *
     * @return {@code provider:name}
     */
    public String fullName() {
        return provider + ":" + name;
    }

    /**
     * Whether the program passes the probe only while somebody looks.
     *
     * @return true if it has a semaphore
     */
    public boolean hasSemaphore() {
        return locations.stream().anyMatch(l -> l.semaphore != 0);
    }

    @Override
    public String toString() {
        return binary + ":" + fullName();
    }
}
