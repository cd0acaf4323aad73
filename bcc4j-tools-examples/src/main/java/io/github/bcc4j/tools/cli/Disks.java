package io.github.bcc4j.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names of block devices by their numbers. For one thread. */
public final class Disks {
    private static final int MINOR_BITS = 20;

    private final Map<Integer, String> names = new HashMap<>();

    /** With no name looked up yet. */
    public Disks() {}

    /**
     * A device's name.
     *
     * @param device as the kernel numbers it within: 12 bits of major, 20 of minor number
     * @return such as {@code vda}; {@code major:minor} if it is not there any more
     */
    public String name(int device) {
        return names.computeIfAbsent(device, d -> {
            String numbers = (d >>> MINOR_BITS) + ":" + (d & (1 << MINOR_BITS) - 1);
            try {
                return Files.readAllLines(Path.of("/sys/dev/block", numbers, "uevent")).stream()
                        .filter(l -> l.startsWith("DEVNAME="))
                        .map(l -> l.substring("DEVNAME=".length()))
                        .findFirst()
                        .orElse(numbers);
            } catch (IOException e) {
                return numbers;
            }
        });
    }

    /**
     * A device's number.
     *
     * @param name such as {@code vda}
     * @return as {@link #name} takes it
     * @throws IllegalArgumentException if there is no such block device
     */
    public static int number(String name) {
        if (!name.matches("[A-Za-z0-9_.!-]+")) {
            throw new IllegalArgumentException("not the name of a block device: \"" + name + '"');
        }
        try {
            String[] numbers = Files.readString(Path.of("/sys/class/block", name, "dev"))
                    .strip()
                    .split(":");
            return Integer.parseInt(numbers[0]) << MINOR_BITS | Integer.parseInt(numbers[1]);
        } catch (IOException e) {
            throw new IllegalArgumentException("there is no block device " + name, e);
        }
    }
}
