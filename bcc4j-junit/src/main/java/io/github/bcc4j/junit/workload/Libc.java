package io.github.bcc4j.junit.workload;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.github.bcc4j.kernel.Syscalls;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What Java has no call for, on the calling thread. */
final class Libc {
    private static final Set<String> HARMLESS =
            Set.of("getpid", "getppid", "gettid", "getuid", "geteuid", "getgid", "getegid", "sched_yield");
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_CLOEXEC = 02000000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle SYSCALL =
            handle("syscall", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG), Linker.Option.firstVariadicArg(1));
    private static final MethodHandle MALLOC = handle("malloc", FunctionDescriptor.of(ADDRESS, JAVA_LONG));
    private static final MethodHandle FREE = handle("free", FunctionDescriptor.ofVoid(ADDRESS));
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final MethodHandle OPEN = handle(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), ERRNO, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle SETNS =
            handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), ERRNO);
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private Libc() {}

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /** The number of a system call that may be made at will. */
    static long harmless(String name) {
        if (!HARMLESS.contains(name)) {
            throw new IllegalArgumentException(
                    "not a system call that changes nothing and takes no arguments: \"" + name + "\"; those are "
                            + String.join(", ", HARMLESS.stream().sorted().toList()));
        }
        return Syscalls.number(name)
                .orElseThrow(() -> new IllegalArgumentException("this architecture has no system call " + name));
    }

    static void syscalls(long number, int n) {
        try {
            for (int i = 0; i < n; i++) {
                long ignored = (long) SYSCALL.invokeExact(number);
            }
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void allocations(long bytes, int n) {
        try {
            for (int i = 0; i < n; i++) {
                MemorySegment memory = (MemorySegment) MALLOC.invokeExact(bytes);
                if (memory.equals(MemorySegment.NULL)) {
                    throw new WorkloadException("malloc has no " + bytes + " bytes, at allocation " + i, null);
                }
                FREE.invokeExact(memory);
            }
        } catch (WorkloadException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static Workload.Done byThisThread(long count, List<String> lines) {
        try {
            // PID/task/TID
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return new Workload.Done(
                    count,
                    Long.parseLong(self.getName(0).toString()),
                    Long.parseLong(self.getFileName().toString()),
                    lines);
        } catch (IOException e) {
            throw new WorkloadException("can't tell the thread's id: " + e, e);
        }
    }

    /** Puts the calling thread into a network namespace, for the rest of its life. */
    static void enter(Path namespace) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(namespace.toString()), O_CLOEXEC);
            int result = fd < 0 ? -1 : (int) SETNS.invokeExact(state, fd, CLONE_NEWNET);
            if (result < 0) {
                int errno = (int) Linker.Option.captureStateLayout()
                        .varHandle(MemoryLayout.PathElement.groupElement("errno"))
                        .get(state, 0L);
                throw new WorkloadException(
                        "can't enter the network namespace " + namespace + ": errno " + errno,
                        errno == 1 ? "it takes CAP_SYS_ADMIN" : null,
                        null);
            }
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (WorkloadException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
