package io.github.bcc4j.symbol;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.github.bcc4j.ffm.NativeLibrary;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** C++ names as in the source, by the function of the C++ library that libbcc_bpf depends on. Thread-safe. */
public final class Demangler {
    private Demangler() {}

    private static final class Native {
        private static final Optional<MethodHandle> DEMANGLE = find();
        private static final MethodHandle FREE = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().find("free").orElseThrow(),
                        FunctionDescriptor.ofVoid(ADDRESS));

        private static Optional<MethodHandle> find() {
            NativeLibrary.libbccBpf();
            return NativeLibrary.optional(
                    "__cxa_demangle", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
        }
    }

    /**
     * A name as in the source.
     *
     * @param name a linker's name
     * @return {@code ns::f(int)} for {@code _ZN2ns1fEi}; the name itself if it is not mangled, or can't be read. Rust's older names
     *     keep their hash: {@code core::fmt::write::h0123456789abcdef}
     */
    public static String demangle(String name) {
        if (!name.startsWith("_Z") || Native.DEMANGLE.isEmpty()) {
            return name;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = (MemorySegment) Native.DEMANGLE
                    .get()
                    .invokeExact(arena.allocateFrom(name), MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
            if (result.address() == 0) {
                return name;
            }
            String source = result.reinterpret(Long.MAX_VALUE).getString(0);
            Native.FREE.invokeExact(result);
            return source;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function can't throw", e);
        }
    }
}
