package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
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

    private static final MethodHandle DLOPEN =
            NativeAccess.link("dlopen", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    private static final MethodHandle DLSYM =
            NativeAccess.link("dlsym", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS));
    private static final MethodHandle DLADDR =
            NativeAccess.link("dladdr", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle DLERROR = NativeAccess.link("dlerror", FunctionDescriptor.of(ADDRESS));

    /** An open library; it is never closed, as what it started (threads, caches) can't be undone. */
    record Handle(MemorySegment address) {
        /** Finds a symbol in the library and those it depends on. */
        Optional<MemorySegment> find(String symbol) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment found = (MemorySegment) DLSYM.invokeExact(address, arena.allocateFrom(symbol));
                return found.address() == 0 ? Optional.empty() : Optional.of(found);
            } catch (Throwable t) {
                throw unchecked(t);
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
            MemorySegment handle = (MemorySegment) DLOPEN.invokeExact(arena.allocateFrom(name), RTLD_NOW);
            if (handle.address() == 0) {
                MemorySegment error = (MemorySegment) DLERROR.invokeExact();
                throw new UnsatisfiedLinkError(string(error));
            }
            return new Handle(handle);
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    /** The file that a symbol's address belongs to, as the dynamic linker opened it. */
    static Path fileOf(MemorySegment symbol) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(4 * ADDRESS.byteSize(), ADDRESS.byteAlignment());
            if ((int) DLADDR.invokeExact(symbol, info) == 0) {
                throw new AssertionError("dladdr does not know an address that dlsym gave");
            }
            return Path.of(string(info.get(ADDRESS, 0)));
        } catch (Throwable t) {
            throw unchecked(t);
        }
    }

    private static String string(MemorySegment pointer) {
        return pointer.reinterpret(Long.MAX_VALUE).getString(0); // NUL-ended, owned by the dynamic linker
    }

    private static RuntimeException unchecked(Throwable t) {
        switch (t) {
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            default -> throw new AssertionError("a downcall does not throw", t);
        }
    }
}
