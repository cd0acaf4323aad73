package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Calls C functions of integer and pointer arguments by name, and has C call Java, each through one shape: linking more would cost the
 * compile process, started anew each time, milliseconds for each.
 *
 * <p>For one thread.
 */
public final class NativeFunctions {
    private static final MethodHandle CALL = NativeAccess.unbound();

    private static final int STUB_ARGUMENTS = 6;

    private final SymbolLookup library;
    private final Map<String, MemorySegment> addresses = new HashMap<>();

    /**
     * Functions of a library.
     *
     * @param library where they are looked up
     */
    public NativeFunctions(SymbolLookup library) {
        this.library = library;
    }

    /**
     * Functions of a library by its soname.
     *
     * @param soname as the dynamic linker finds it
     * @return its functions, for the rest of the process
     */
    public static NativeFunctions of(String soname) {
        return new NativeFunctions(SymbolLookup.libraryLookup(soname, Arena.global()));
    }

    /** The type of handles that C can call: six longs. A C function of fewer parameters leaves chance values in the last ones. */
    public static final MethodType STUB =
            MethodType.methodType(long.class, Collections.nCopies(STUB_ARGUMENTS, long.class));

    /**
     * A C function that runs a method handle; the handle must not throw.
     *
     * @param handle of type {@link #STUB}
     * @return its address, for the rest of the process
     */
    public static MemorySegment stub(MethodHandle handle) {
        FunctionDescriptor shape = FunctionDescriptor.of(JAVA_LONG, NativeAccess.longs(STUB_ARGUMENTS));
        return Linker.nativeLinker().upcallStub(handle, shape, Arena.global());
    }

    /**
     * All of this process's memory, by address: for reading what C functions are given.
     *
     * @return a segment without bounds that mean anything
     */
    public static MemorySegment memory() {
        return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    }

    /**
     * Whether a function is there.
     *
     * @param name its symbol
     * @return its address if so
     */
    public Optional<MemorySegment> find(String name) {
        return library.find(name);
    }

    /**
     * Calls a function.
     *
     * @param name its symbol
     * @param arguments up to twelve integers or addresses
     * @return its result register; an {@code int} result is to be narrowed
     * @throws NativeLibraryException if there is no such function
     */
    public long call(String name, long... arguments) {
        MemorySegment address = addresses.computeIfAbsent(
                name,
                n -> library.find(n)
                        .orElseThrow(() -> new NativeLibraryException(
                                "libbcc has no function " + n, "install libbcc 0.25 or later", null)));
        long[] a = Arrays.copyOf(arguments, NativeAccess.ARGUMENTS);
        try {
            return (long) CALL.invokeExact(
                    address,
                    NativeAccess.state(),
                    a[0],
                    a[1],
                    a[2],
                    a[3],
                    a[4],
                    a[5],
                    a[6],
                    a[7],
                    a[8],
                    a[9],
                    a[10],
                    a[11]);
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }

    /**
     * Calls a function that returns a C string.
     *
     * @param name its symbol
     * @param arguments up to twelve integers or addresses
     * @return a copy of the string; empty for a null pointer
     */
    public String callString(String name, long... arguments) {
        long address = call(name, arguments);
        return address == 0
                ? ""
                : MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0);
    }
}
