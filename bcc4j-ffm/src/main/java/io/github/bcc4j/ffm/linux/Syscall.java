package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.github.bcc4j.ffm.NativeAccess;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one door to the kernel: libc's {@code syscall(2)} with six long arguments and errno captured.
 *
 * <p>All methods are thread-safe; the errno segment belongs to the calling thread.
 */
final class Syscall {
    private Syscall() {}

    private static final MethodHandle SYSCALL = NativeAccess.link("syscall");

    /** Returns what the kernel returned: a result of zero or more, or a negative errno. */
    static long call(long number, long a, long b, long c, long d, long e, long f) {
        MemorySegment state = NativeAccess.state();
        long result;
        try {
            result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f, 0L, 0L, 0L, 0L, 0L);
        } catch (RuntimeException x) {
            throw x; // native access denied
        } catch (Throwable t) {
            throw new AssertionError("a downcall does not throw", t);
        }
        return result == -1 ? -state.get(JAVA_INT, 0) : result;
    }

    static long call(long number, long a, long b, long c, long d, long e) {
        return call(number, a, b, c, d, e, 0);
    }

    static long call(long number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0);
    }

    static long call(long number, long a) {
        return call(number, a, 0, 0, 0, 0, 0);
    }
}
