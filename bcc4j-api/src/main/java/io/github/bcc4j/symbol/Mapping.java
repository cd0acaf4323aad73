package io.github.bcc4j.symbol;

import java.util.List;
import java.util.Optional;

/** A line of {@code /proc/PID/maps}: what is mapped from start to before end. Source: proc(5). */
record Mapping(long start, long end, boolean executable, long offset, String path) {
    static final String VDSO = "[vdso]";

    static List<Mapping> parse(String maps) {
        return maps.lines().map(Mapping::line).toList();
    }

    private static Mapping line(String line) {
        String[] fields = line.split(" +", 6); // 5600-5700 r-xp 00001000 fd:00 1234 /path
        int dash = fields[0].indexOf('-');
        return new Mapping(
                Long.parseUnsignedLong(fields[0], 0, dash, 16),
                Long.parseUnsignedLong(fields[0], dash + 1, fields[0].length(), 16),
                fields[1].charAt(2) == 'x',
                Long.parseUnsignedLong(fields[2], 16),
                fields.length > 5 ? fields[5] : "");
    }

    boolean isFile() {
        return path.startsWith("/");
    }

    boolean contains(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    /** Where a part of its file is in memory, if it is mapped here. */
    Optional<Long> address(long fileOffset) {
        return fileOffset >= offset && fileOffset < offset + (end - start)
                ? Optional.of(start + (fileOffset - offset))
                : Optional.empty();
    }
}
