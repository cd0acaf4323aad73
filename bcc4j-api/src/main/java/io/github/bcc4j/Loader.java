package io.github.bcc4j;

import io.github.bcc4j.attach.ProgramType;
import io.github.bcc4j.compile.CompiledModule;
import io.github.bcc4j.compile.MapSpec;
import io.github.bcc4j.compile.ProgramSpec;
import io.github.bcc4j.diagnostic.VerifierException;
import io.github.bcc4j.ffm.linux.Bpf;
import io.github.bcc4j.ffm.linux.BpfMaps;
import io.github.bcc4j.ffm.linux.Errno;
import io.github.bcc4j.ffm.linux.Fd;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.Cpus;
import io.github.bcc4j.kernel.Privileges;
import io.github.bcc4j.table.BpfMap;
import io.github.bcc4j.table.KernelMap;
import io.github.bcc4j.type.Btf;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts a compiled module into the kernel: its BTF, its maps at once, its programs when their type is known. */
final class Loader implements AutoCloseable {
    private static final int BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4;
    private static final int FIRST_LOG = 64 << 10;
    private static final int LARGEST_LOG = (1 << 24) - 1; // the most that every kernel takes

    private final CompiledModule module;
    private final Fd btf;
    private final List<? extends BpfTables> lenders;
    private final Map<KernelMap, Btf> borrowedTypes = new IdentityHashMap<>();
    private final List<KernelMap> maps = new ArrayList<>();

    Loader(CompiledModule module, List<? extends BpfTables> lenders) {
        this.module = module;
        this.lenders = lenders;
        this.btf = loadBtf(module);
        try {
            for (MapSpec spec : module.maps()) {
                maps.add(create(spec));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** BTF is an extra: without it everything works but exact map types in bpftool and source lines in the verifier's log. */
    private static Fd loadBtf(CompiledModule module) {
        if (module.btf().length == 0) {
            return null;
        }
        int fd = Bpf.btfLoad(module.btf(), MemorySegment.NULL);
        return fd < 0 ? null : Fd.own(fd, "BTF");
    }

    List<KernelMap> maps() {
        return maps;
    }

    KernelMap map(String name) {
        return maps.stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the C text has no map \"" + name + "\"; it has "
                        + BpfTables.names(maps.stream().map(KernelMap::name).toList())));
    }

    private KernelMap create(MapSpec spec) {
        if (spec.extern()) {
            return borrow(spec);
        }
        if (spec.pinPath().isPresent()) {
            return PinnedMaps.openOrPin(spec, () -> createNew(spec));
        }
        return KernelMap.adopt(spec, createNew(spec));
    }

    /** Another module's map: the same in the kernel, by a descriptor of its own. */
    private KernelMap borrow(MapSpec wanted) {
        BpfTables lender = lenders.stream()
                .filter(l -> l.maps().containsKey(wanted.name()))
                .findFirst()
                .orElseThrow(() -> new BpfException(
                        "table \"" + wanted.name() + "\" is extern, and no other module with it was given",
                        "load the module that makes it first, then this one with it: BPF.load(module, lender)",
                        null));
        BpfMap lent = lender.map(wanted.name());
        MapSpec spec = lent.spec();
        if (spec.type() != wanted.type()
                || spec.keySize() != wanted.keySize()
                || spec.valueSize() != wanted.valueSize()) {
            throw new BpfException("extern table \"" + wanted.name() + "\" was declared with another shape: it has "
                    + shape(spec) + ", the program wants " + shape(wanted));
        }
        int fd = Linux.dup(lent.bytes().fd());
        if (fd < 0) {
            throw new BpfSyscallException("borrow table \"" + wanted.name() + '"', -fd, mapHint(spec, -fd));
        }
        KernelMap map = KernelMap.adopt(spec, fd);
        borrowedTypes.put(map, lender.types(lent.bytes()));
        return map;
    }

    private static String shape(MapSpec spec) {
        return "type " + spec.type() + ", key " + spec.keySize() + " bytes, value " + spec.valueSize() + " bytes";
    }

    /** The types that a map's specification refers to, if it is another module's. */
    Optional<Btf> borrowedTypes(KernelMap map) {
        return Optional.ofNullable(borrowedTypes.get(map));
    }

    private int createNew(MapSpec spec) {
        int entries =
                spec.type() == BPF_MAP_TYPE_PERF_EVENT_ARRAY ? Cpus.possible().cardinality() : spec.maxEntries();
        int inner = spec.innerMap() < 0 ? 0 : maps.get(spec.innerMap()).fd();
        BpfMaps.Attr plain = new BpfMaps.Attr(
                spec.name(), spec.type(), spec.keySize(), spec.valueSize(), entries, spec.flags(), inner, 0, 0, 0);
        int fd = -Errno.EINVAL;
        if (btf != null && spec.btfKeyTypeId() != 0) {
            fd = BpfMaps.create(new BpfMaps.Attr(
                    spec.name(),
                    spec.type(),
                    spec.keySize(),
                    spec.valueSize(),
                    entries,
                    spec.flags(),
                    inner,
                    btf.number(),
                    spec.btfKeyTypeId(),
                    spec.btfValueTypeId()));
        }
        if (fd == -Errno.EINVAL || fd == -Errno.ENOTSUPP || fd == -Errno.EOPNOTSUPP) {
            fd = BpfMaps.create(plain); // this map type takes no BTF, or this kernel knows none
        }
        if (fd < 0) {
            throw new BpfSyscallException(
                    "create map \"" + spec.name() + "\" (type " + spec.type() + ", key " + spec.keySize()
                            + " bytes, value " + spec.valueSize() + " bytes, " + Integer.toUnsignedString(entries)
                            + " entries)",
                    -fd,
                    mapHint(spec, -fd));
        }
        return fd;
    }

    private static String mapHint(MapSpec spec, int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES ->
                Privileges.explainEperm(
                        Privileges.Operation.makeMap(spec.type()), "create a BPF map of this type", errno);
            case Errno.ENOMEM, Errno.E2BIG ->
                "the map is too large for this machine or its memory cgroup: fewer entries";
            case Errno.EINVAL -> "this kernel does not know the map type, or not with these sizes and flags";
            case Errno.EMFILE -> "the process has no descriptor left: raise ulimit -n";
            default -> null;
        };
    }

    BpfProgram load(ProgramSpec spec, ProgramType type, Target target) {
        try (Fd module = target.openModule()) {
            int moduleFd = module == null ? 0 : module.number();
            return load(spec, type, new Bpf.Target(target.typeId(), moduleFd, target.interfaceIndex()));
        }
    }

    private BpfProgram load(ProgramSpec spec, ProgramType type, Bpf.Target target) {
        byte[] instructions = withMaps(spec);
        int fd = load(spec, type, target, instructions, true, 0, MemorySegment.NULL);
        if (fd < 0) {
            fd = loadWithLog(spec, type, target, instructions);
        }
        return new BpfProgram(spec.name(), type, Fd.own(fd, "program " + spec.name()), module);
    }

    /** Loads again to hear why not. The log grows until it holds everything the verifier says. */
    private int loadWithLog(ProgramSpec spec, ProgramType type, Bpf.Target target, byte[] instructions) {
        boolean withBtf = btf != null;
        for (int size = FIRST_LOG; ; size = Math.min(size * 8, LARGEST_LOG)) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment buffer = arena.allocate(size);
                int fd = load(spec, type, target, instructions, withBtf, 1, buffer);
                if (fd >= 0) {
                    return fd;
                }
                if (fd == -Errno.ENOSPC && size < LARGEST_LOG) {
                    continue;
                }
                String log = buffer.getString(0);
                if (withBtf && rejectsBtf(log)) {
                    withBtf = false;
                    continue;
                }
                if (log.isBlank()) {
                    throw new BpfSyscallException(
                            "load " + type + " program " + spec.name(), -fd, programHint(type, target, -fd));
                }
                throw VerifierException.of(module, spec, type.number(), -fd, log);
            }
        }
    }

    private static String programHint(ProgramType type, Bpf.Target target, int errno) {
        return target.interfaceIndex() != 0 && errno != Errno.EPERM
                ? "this device's driver takes no programs to run on the device: NATIVE and GENERIC run in the kernel"
                : Privileges.explainEperm(
                        Privileges.Operation.load(type.number()), "load a BPF program of type " + type, errno);
    }

    /** The kernel found fault with the type information, not with the program. */
    private static boolean rejectsBtf(String log) {
        String first = log.lines().findFirst().orElse("");
        return first.contains("func_info") || first.contains("line_info") || first.startsWith("magic");
    }

    private int load(
            ProgramSpec spec,
            ProgramType type,
            Bpf.Target target,
            byte[] instructions,
            boolean withBtf,
            int logLevel,
            MemorySegment log) {
        Bpf.ProgramAttr attr = new Bpf.ProgramAttr(
                spec.name(),
                type.number(),
                type.attachType(),
                instructions,
                module.license(),
                module.kernelVersion(),
                0,
                withBtf && btf != null ? btf.number() : 0,
                spec.functionInfoSize(),
                spec.functionInfo(),
                spec.lineInfoSize(),
                spec.lineInfo());
        return Bpf.programLoad(attr, target, logLevel, log);
    }

    /** The bytecode with map indexes replaced by the descriptors of this process. */
    private byte[] withMaps(ProgramSpec spec) {
        byte[] code = spec.instructions().clone();
        ByteBuffer buffer = ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < code.length; at += 8) {
            if (code[at] == 0x18) { // ld_imm64: two slots
                if ((code[at + 1] >> 4 & 0xf) == 1) {
                    buffer.putInt(at + 4, maps.get(buffer.getInt(at + 4)).fd());
                }
                at += 8;
            }
        }
        return code;
    }

    @Override
    public void close() {
        maps.forEach(KernelMap::close);
        if (btf != null) {
            btf.close();
        }
    }
}
