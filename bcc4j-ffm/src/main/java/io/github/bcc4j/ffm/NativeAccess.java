package io.github.bcc4j.ffm;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Collections;

/**
 * Calls C functions of integer and pointer arguments through one call shape: twelve longs, with errno captured. The 64-bit calling
 * conventions of Linux allow it: what a function does not take it does not look at. Linking a first shape costs tens of milliseconds and
 * each further one some more, which every start of every program would pay.
 *
 * <p>Where the JVM refuses native access, says so with the flag that would allow it. Thread-safe.
 */
public final class NativeAccess {
    /** How many arguments the shape has. */
    static final int ARGUMENTS = 12;

    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(JAVA_LONG, longs(ARGUMENTS));
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

    private static final ThreadLocal<MemorySegment> STATE =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private NativeAccess() {}

    static ValueLayout[] longs(int count) {
        return Collections.nCopies(count, JAVA_LONG).toArray(ValueLayout[]::new);
    }

    /**
     * A handle to a function of the C library. Made for {@code static final} fields: it never throws, so a class that holds one
     * always initialises; if native access is denied, every call of the handle throws the {@link NativeLibraryException}.
     *
     * @param function the C function's name
     * @return {@code (MemorySegment state, long x 12) -> long}
     */
    public static MethodHandle link(String function) {
        Linker linker = Linker.nativeLinker();
        try {
            return linker.downcallHandle(linker.defaultLookup().find(function).orElseThrow(), SHAPE, ERRNO);
        } catch (IllegalCallerException e) {
            return denied(e);
        }
    }

    /** A handle to any function: {@code (MemorySegment address, MemorySegment state, long x 12) -> long}. */
    static MethodHandle unbound() {
        return Linker.nativeLinker().downcallHandle(SHAPE, ERRNO);
    }

    /**
     * Where a call leaves errno: in its first four bytes.
     *
     * @return the calling thread's own
     */
    public static MemorySegment state() {
        return STATE.get();
    }

    /** Calls a linked function that does not matter enough for a constant handle. */
    static long call(MethodHandle function, long a, long b) {
        try {
            return (long) function.invokeExact(state(), a, b, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
    }

    private static MethodHandle denied(IllegalCallerException cause) {
        Module module = NativeAccess.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        NativeLibraryException exception = new NativeLibraryException(
                "The JVM denies bcc4j native access, without which it can't reach the kernel.",
                "Start java with --enable-native-access=" + name,
                cause);
        var type = SHAPE.toMethodType().insertParameterTypes(0, MemorySegment.class); // the captured state
        MethodHandle thrower = MethodHandles.throwException(type.returnType(), NativeLibraryException.class);
        return MethodHandles.dropArguments(thrower.bindTo(exception), 0, type.parameterList());
    }
}
