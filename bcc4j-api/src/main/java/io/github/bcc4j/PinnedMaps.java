package io.github.bcc4j;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
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
            KernelMap map = KernelMap.adopt(spec, fd);
            try {
                checkShape(spec, fd, path);
                return map;
            } catch (RuntimeException e) {
                map.close();
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

    /** {@code struct bpf_map_info}: type, id, key_size, value_size, max_entries, map_flags. */
    private static void checkShape(MapSpec spec, int fd, String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(24, 8);
            int result = Bpf.info(fd, info);
            if (result < 0) {
                throw new BpfSyscallException("ask for the shape of the map at " + path, -result, null);
            }
            String found =
                    shape(info.get(JAVA_INT, 0), info.get(JAVA_INT, 8), info.get(JAVA_INT, 12), info.get(JAVA_INT, 16));
            String wanted = shape(spec.type(), spec.keySize(), spec.valueSize(), spec.maxEntries());
            if (!found.equals(wanted)) {
                throw new BpfException(
                        "map \"" + spec.name() + "\" is pinned at " + path + " with another shape: it has " + found
                                + ", the program wants " + wanted,
                        "remove the pinned file, or pin elsewhere",
                        null);
            }
        }
    }

    private static String shape(int type, int key, int value, int entries) {
        return "type " + type + ", key " + key + " bytes, value " + value + " bytes, " + entries + " entries";
    }
}
