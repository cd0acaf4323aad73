package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;

/**
 * dlopen(3) and its family. Called directly because the JDK's own lookups keep the reason of a failure and the path of a success
 * to themselves. Thread-safe.
 */
final class DynamicLinker {
    private DynamicLinker() {}

    private static final int RTLD_NOW = 2;

    private static final MethodHandle DLOPEN = NativeAccess.link("dlopen");
    private static final MethodHandle DLSYM = NativeAccess.link("dlsym");
    private static final MethodHandle DLADDR = NativeAccess.link("dladdr");
    private static final MethodHandle DLERROR = NativeAccess.link("dlerror");

    /** An open library; it is never closed, as what it started (threads, caches) can't be undone. */
    record Handle(long address) {
        /** Finds a symbol in the library and those it depends on. */
        Optional<MemorySegment> find(String symbol) {
            try (Arena arena = Arena.ofConfined()) {
                long found = NativeAccess.call(
                        DLSYM, address, arena.allocateFrom(symbol).address());
                return found == 0 ? Optional.empty() : Optional.of(MemorySegment.ofAddress(found));
            }
        }
    }

    /**
     * Opens a library.
     *
     * @param name a soname, searched for as the dynamic linker does, or a path
     * @throws LinkageError with the dynamic linker's own words
     */
    static Handle open(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long handle = NativeAccess.call(DLOPEN, arena.allocateFrom(name).address(), RTLD_NOW);
            if (handle == 0) {
                throw new UnsatisfiedLinkError(string(NativeAccess.call(DLERROR, 0, 0)));
            }
            return new Handle(handle);
        }
    }

    /** The file that a symbol's address belongs to, as the dynamic linker opened it. */
    static Path fileOf(MemorySegment symbol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(4 * ADDRESS.byteSize(), ADDRESS.byteAlignment());
            if ((int) NativeAccess.call(DLADDR, symbol.address(), info.address()) == 0) {
                throw new AssertionError("dladdr does not know an address that dlsym gave");
            }
            return Path.of(string(info.get(ADDRESS, 0).address()));
        }
    }

    /** NUL-ended, owned by the dynamic linker. */
    private static String string(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }
}
