package io.github.bcc4j.attach;

import io.github.bcc4j.BpfException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the tracing file system. */
final class Tracefs {
    private static final List<String> PLACES = List.of("sys/kernel/tracing", "sys/kernel/debug/tracing");

    private Tracefs() {}

    /** Where it is mounted, with a readable list of events. */
    static Path root(Path machine) {
        List<Path> places = PLACES.stream().map(machine::resolve).toList();
        return places.stream()
                .filter(p -> Files.isDirectory(p.resolve("events")))
                .findFirst()
                .orElseThrow(() -> new BpfException(
                        "the tracing file system is not mounted, or this user can't see it: neither " + places.get(0)
                                + " nor " + places.get(1) + " has events",
                        "as root: mount -t tracefs nodev /sys/kernel/tracing, and for others to see it:"
                                + " mount -o remount,gid=GROUP,mode=750 /sys/kernel/tracing",
                        null));
    }
}
