package io.github.bcc4j.table;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.BpfSyscallException;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.type.Btf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Maps that others have made, described by the kernel. Source: {@code struct bpf_map_info} and {@code struct bpf_btf_info}. */
final class OpenedMaps {
    private OpenedMaps() {}

    static BpfMap open(Path pinned) {
        return describe(check(Bpf.openPinned(pinned.toAbsolutePath().toString()), "open pinned map " + pinned));
    }

    static BpfMap open(int id) {
        return describe(check(Bpf.mapById(id), "open map " + id));
    }

    private static int check(int fd, String what) {
        if (fd < 0) {
            throw new BpfSyscallException(
                    what,
                    -fd,
                    switch (-fd) {
                        case Errno.ENOENT -> "there is no such map; bpftool map lists those there are";
                        case Errno.EPERM, Errno.EACCES -> Privileges.explainEperm(what, -fd);
                        case Errno.EINVAL -> "it is not in a bpf file system, or is no map";
                        default -> null;
                    });
        }
        return fd;
    }

    static int id(KernelMap map) {
        try (Arena arena = Arena.ofConfined()) {
            return info(map.fd(), arena).get(JAVA_INT, 4);
        }
    }

    private static MemorySegment info(int fd, Arena arena) {
        MemorySegment info = arena.allocate(80, 8);
        check(Bpf.info(fd, info), "ask what a map is");
        return info;
    }

    private static BpfMap describe(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = info(number, arena);
            Btf btf = btf(info.get(JAVA_INT, 64), arena);
            int keySize = info.get(JAVA_INT, 8);
            int valueSize = info.get(JAVA_INT, 12);
            MapSpec spec = new MapSpec(
                    info.getString(24),
                    info.get(JAVA_INT, 0),
                    keySize,
                    valueSize,
                    info.get(JAVA_INT, 16),
                    info.get(JAVA_INT, 20),
                    btf.count() == 0 ? 0 : info.get(JAVA_INT, 68),
                    btf.count() == 0 ? 0 : info.get(JAVA_INT, 72),
                    -1,
                    Optional.empty(),
                    false,
                    unknown(keySize),
                    unknown(valueSize),
                    List.of());
            return BpfMap.of(KernelMap.adopt(spec, number), btf);
        } catch (RuntimeException e) {
            Linux.close(number);
            throw e;
        }
    }

    /** A type of which nothing but the size is known, as libbcc would describe it. */
    private static String unknown(int size) {
        return size == 4 ? "\"unsigned int\"" : size == 8 ? "\"unsigned long long\"" : "\"unsigned char\"";
    }

    private static Btf btf(int id, Arena arena) {
        int number = id == 0 ? -Errno.ENOENT : Bpf.btfById(id);
        if (number < 0) {
            return Btf.parse(new byte[0]); // it has none, or this process may not see it
        }
        try (Fd fd = Fd.own(number, "BTF " + id)) {
            MemorySegment info = arena.allocate(16, 8);
            check(Bpf.info(fd.number(), info), "ask for the size of BTF " + id);
            MemorySegment types = arena.allocate(info.get(JAVA_INT, 8), 8);
            info.set(JAVA_LONG, 0, types.address());
            check(Bpf.info(fd.number(), info), "read BTF " + id);
            return Btf.parse(types.toArray(JAVA_BYTE));
        }
    }
}
