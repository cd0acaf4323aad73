package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.table.KernelMap;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/** Maps that live on in a bpf file system: opened if there, with their shape checked, else made and pinned. */
final class PinnedMaps {
    private PinnedMaps() {}

    static KernelMap openOrPin(MapSpec spec, IntSupplier create) {
        String path = spec.pinPath().orElseThrow();
        int fd = Bpf.openPinned(path);
        if (fd >= 0) {
            try {
                return KernelMap.adopt(asPinned(spec, fd, path), fd);
            } catch (RuntimeException e) {
                Linux.close(fd);
                throw e;
            }
        }
        if (fd != -Errno.ENOENT) {
            throw new BpfSyscallException("open pinned map \"" + spec.name() + "\" at " + path, -fd, null);
        }
        KernelMap map = KernelMap.adopt(spec, create.getAsInt());
        int result = pin(map.fd(), path);
        if (result < 0) {
            map.close();
            throw new BpfSyscallException(
                    "pin map \"" + spec.name() + "\" at " + path,
                    -result,
                    "the folder must be in a bpf file system: mount -t bpf bpf /sys/fs/bpf");
        }
        return map;
    }

    private static int pin(int fd, String path) {
        try {
            Files.createDirectories(Path.of(path).toAbsolutePath().getParent());
        } catch (IOException e) {
            return -Errno.ENOENT;
        }
        return Bpf.pin(fd, path);
    }

    /**
     * What is pinned, if it is what the program wants; a program that asks for 0 entries takes as many as there are. Source: {@code struct
     * bpf_map_info}: type, id, key_size, value_size, max_entries, map_flags.
     */
    private static MapSpec asPinned(MapSpec spec, int fd, String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(24, 8);
            int result = Bpf.info(fd, info);
            if (result < 0) {
                throw new BpfSyscallException("ask for the shape of the map at " + path, -result, null);
            }
            int entries = info.get(JAVA_INT, 16);
            MapSpec wanted = spec.maxEntries() == 0 ? spec.withMaxEntries(entries) : spec;
            String found = shape(info.get(JAVA_INT, 0), info.get(JAVA_INT, 8), info.get(JAVA_INT, 12), entries);
            String asked = shape(wanted.type(), wanted.keySize(), wanted.valueSize(), wanted.maxEntries());
            if (!found.equals(asked)) {
                throw new BpfException(
                        "map \"" + spec.name() + "\" is pinned at " + path + " with another shape: it has " + found
                                + ", the program wants " + asked,
                        "remove the pinned file, or pin elsewhere",
                        null);
            }
            return wanted;
        }
    }

    private static String shape(int type, int key, int value, int entries) {
        return "type " + type + ", key " + key + " bytes, value " + value + " bytes, " + entries + " entries";
    }
}
