package io.github.bcc4j.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** Links C functions of the C library. Where the JVM refuses native access, says so with the flag that would allow it. */
public final class NativeAccess {
    private NativeAccess() {}

    /**
     * A handle to a function of the C library. Made for {@code static final} fields: it never throws, so a class that holds one
     * always initialises; if native access is denied, every call of the handle throws the {@link NativeLibraryException}.
     *
     * @param function the C function's name
     * @param shape its result and parameters
     * @param options linker options, such as the capture of errno
     * @return the handle, without a leading address parameter
     */
    public static MethodHandle link(String function, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        try {
            MemorySegment address = linker.defaultLookup().find(function).orElseThrow();
            return linker.downcallHandle(address, shape, options);
        } catch (IllegalCallerException e) {
            return denied(e, shape, options);
        }
    }

    private static MethodHandle denied(
            IllegalCallerException cause, FunctionDescriptor shape, Linker.Option[] options) {
        Module module = NativeAccess.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        NativeLibraryException exception = new NativeLibraryException(
                "The JVM denies bcc4j native access, without which it can't reach the kernel.",
                "Start java with --enable-native-access=" + name,
                cause);
        var type = shape.toMethodType();
        if (options.length > 0) {
            type = type.insertParameterTypes(0, MemorySegment.class); // the captured state
        }
        MethodHandle thrower = MethodHandles.throwException(type.returnType(), NativeLibraryException.class);
        return MethodHandles.dropArguments(thrower.bindTo(exception), 0, type.parameterList());
    }
}
