package io.github.bcc4j.headers;

import io.github.bcc4j.BpfException;
import io.github.bcc4j.btf.RawBtf;
import io.github.bcc4j.ffm.linux.Linux;
import io.github.bcc4j.kernel.KernelHeaders;
import io.github.bcc4j.kernel.KernelTarget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The types of a kernel and its modules, kept as long as memory allows: reading those of a kernel takes some ten milliseconds.
 *
 * <p>Thread-safe.
 */
public final class KernelTypes {
    private static final Map<KernelTarget, SoftReference<KernelTypes>> KNOWN = new ConcurrentHashMap<>();

    private final KernelTarget target;
    private final RawBtf kernel;
    private final Map<String, Optional<RawBtf>> modules = new ConcurrentHashMap<>();

    private KernelTypes(KernelTarget target, RawBtf kernel) {
        this.target = target;
        this.kernel = kernel;
    }

    /**
     * Reads the types of a kernel.
     *
     * @param target the kernel
     * @return its types; empty if it has no BTF
     * @throws BpfException if its BTF is not well-formed, or can't be read
     */
    public static Optional<KernelTypes> of(KernelTarget target) {
        if (target.btf().isEmpty()) {
            return Optional.empty();
        }
        SoftReference<KernelTypes> known = KNOWN.get(target);
        KernelTypes types = known == null ? null : known.get();
        if (types == null) {
            Path file = target.btf().get();
            try {
                ByteBuffer btf = bytes(file);
                types = new KernelTypes(
                        target,
                        target.buildId()
                                .map(id -> RawBtf.parse(
                                        btf,
                                        KernelHeaders.cache().resolve("btf").resolve(id + ".index")))
                                .orElseGet(() -> RawBtf.parse(btf)));
            } catch (IOException | IllegalArgumentException e) {
                throw new BpfException("can't read the types of kernel " + target.release() + " in " + file, null, e);
            }
            KNOWN.put(target, new SoftReference<>(types));
        }
        return Optional.of(types);
    }

    /** The kernel's own file never changes, and kernels since 6.16 let it be mapped. */
    private static ByteBuffer bytes(Path file) throws IOException {
        if (file.startsWith("/sys")) {
            Optional<MemorySegment> mapped = Linux.mapFile(file.toString(), Files.size(file));
            if (mapped.isPresent()) {
                return mapped.get().asByteBuffer();
            }
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    /**
     * The kernel's own types.
     *
     * @return without those of modules
     */
    public RawBtf kernel() {
        return kernel;
    }

    KernelTarget target() {
        return target;
    }

    /** The types of the first module that has a struct, union or typedef of one of these names; its kernel's are among them. */
    Optional<RawBtf> moduleWith(Iterable<String> names) {
        List<String> wanted = new ArrayList<>();
        names.forEach(wanted::add);
        return target.modules().stream()
                .flatMap(m -> module(m).stream())
                .filter(types -> wanted.stream().anyMatch(n -> types.record(n) != 0 || types.typedef(n) != 0))
                .findFirst();
    }

    /**
     * A module's types.
     *
     * @param name the module
     * @return its types, and those of its kernel; empty if it has none
     */
    public Optional<RawBtf> module(String name) {
        return modules.computeIfAbsent(name, n -> {
            try {
                return target.moduleBtf(n).map(raw -> RawBtf.parse(ByteBuffer.wrap(raw), kernel));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // one module's mistake is not the kernel's
            }
        });
    }
}
