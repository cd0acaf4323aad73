package io.github.bcc4j.ffm.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The everyday calls: descriptors, mapped memory, limits. Every result is the kernel's, a negative errno for failure. Thread-safe. */
public final class Linux {
    private Linux() {}

    /** {@code RLIMIT_FSIZE}. */
    public static final int RLIMIT_FSIZE = 1;

    /** {@code RLIMIT_DATA}. */
    public static final int RLIMIT_DATA = 2;

    /** {@code RLIMIT_CORE}. */
    public static final int RLIMIT_CORE = 4;

    /** {@code PROT_READ}. */
    public static final int PROT_READ = 1;

    /** {@code PROT_WRITE}. */
    public static final int PROT_WRITE = 2;

    private static final long PAGE_SIZE = readPageSize();

    /** The kernel tells each process at its start, in its auxiliary vector (getauxval(3)): {@code AT_PAGESZ} is entry 6. */
    private static long readPageSize() {
        try {
            ByteBuffer vector = ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
                    .order(ByteOrder.nativeOrder());
            while (vector.remaining() >= 16) {
                long key = vector.getLong();
                long value = vector.getLong();
                if (key == 6) {
                    return value;
                }
            }
            return 4096;
        } catch (IOException e) {
            return 4096;
        }
    }

    /**
     * The size of a memory page.
     *
     * @return bytes, a power of two
     */
    public static long pageSize() {
        return PAGE_SIZE;
    }

    /**
     * close(2).
     *
     * @param fd the descriptor
     * @return 0 or a negative errno
     */
    public static int close(int fd) {
        return (int) Syscall.call(CallNumbers.CLOSE, fd);
    }

    /**
     * ioctl(2).
     *
     * @param fd the descriptor
     * @param request the request number
     * @param argument its argument
     * @return the kernel's result or a negative errno
     */
    public static long ioctl(int fd, long request, long argument) {
        return Syscall.call(CallNumbers.IOCTL, fd, request, argument);
    }

    /**
     * kill(2).
     *
     * @param pid a process
     * @param signal the signal's number; 0 for none, only to see whether it could be sent
     * @return 0 or a negative errno
     */
    public static int kill(int pid, int signal) {
        return (int) Syscall.call(CallNumbers.KILL, pid, signal, 0);
    }

    /**
     * clock_gettime(2).
     *
     * @param clock {@code CLOCK_}
     * @return nanoseconds, or a negative errno
     */
    public static long clock(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            long result = Syscall.call(CallNumbers.CLOCK_GETTIME, clock, time.address(), 0);
            return result < 0 ? result : time.get(JAVA_LONG, 0) * 1_000_000_000 + time.get(JAVA_LONG, 8);
        }
    }

    /**
     * Duplicates a descriptor, close-on-exec, by {@code fcntl(F_DUPFD_CLOEXEC)}.
     *
     * @param fd the descriptor
     * @return the new descriptor or a negative errno
     */
    public static int dup(int fd) {
        return (int) Syscall.call(CallNumbers.FCNTL, fd, 1030, 0);
    }

    /**
     * Maps a descriptor shared into memory by mmap(2).
     *
     * @param fd the descriptor
     * @param offset where to begin, a multiple of the page size
     * @param length how many bytes
     * @param protection {@link #PROT_READ} and {@link #PROT_WRITE} or-ed
     * @return the address, or a negative errno
     */
    public static long mmap(int fd, long offset, long length, int protection) {
        return Syscall.call(CallNumbers.MMAP, 0, length, protection, 1 /* MAP_SHARED */, fd, offset);
    }

    /**
     * Maps a file for reading. Never one that may get shorter: reading what is gone ends the JVM.
     *
     * @param path which
     * @param length its length in bytes
     * @return its content, until nobody refers to it; empty if it can't be mapped
     */
    public static Optional<MemorySegment> mapFile(String path, long length) {
        int fd = openNonBlocking(path);
        if (fd < 0) {
            return Optional.empty();
        }
        long address = Syscall.call(CallNumbers.MMAP, 0, length, PROT_READ, 2 /* MAP_PRIVATE */, fd, 0);
        close(fd);
        return address < 0 && address > -4096 ? Optional.empty() : Optional.of(mapped(address, length, Arena.ofAuto()));
    }

    /**
     * The memory of a mapping, unmapped when an arena is closed.
     *
     * @param address of {@link #mmap}
     * @param length its length in bytes
     * @param arena whose end is the mapping's
     * @return the memory
     */
    public static MemorySegment mapped(long address, long length, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, s -> munmap(s.address(), length));
    }

    /**
     * munmap(2).
     *
     * @param address the start of a mapping
     * @param length its length in bytes
     * @return 0 or a negative errno
     */
    public static int munmap(long address, long length) {
        return (int) Syscall.call(CallNumbers.MUNMAP, address, length, 0);
    }

    /**
     * mprotect(2).
     *
     * @param address the start, a multiple of the page size
     * @param length bytes
     * @param protection {@link #PROT_READ} and {@link #PROT_WRITE} or-ed
     * @return 0 or a negative errno
     */
    public static int protect(long address, long length, int protection) {
        return (int) Syscall.call(CallNumbers.MPROTECT, address, length, protection);
    }

    /**
     * Sets a limit of this process by prlimit(2), soft and hard alike.
     *
     * @param resource an {@code RLIMIT_} number
     * @param value the limit, -1 for none
     * @return 0 or a negative errno
     */
    public static int setLimit(int resource, long value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment limit = arena.allocate(16, 8);
            limit.set(JAVA_LONG, 0, value);
            limit.set(JAVA_LONG, 8, value);
            return (int) Syscall.call(CallNumbers.PRLIMIT64, 0, resource, limit.address(), 0, 0);
        }
    }

    /**
     * Opens a file for reading, close-on-exec and non-blocking, by openat(2).
     *
     * @param path an absolute path
     * @return the descriptor or a negative errno
     */
    public static int openNonBlocking(String path) {
        try (Arena arena = Arena.ofConfined()) {
            return (int) Syscall.call(
                    CallNumbers.OPENAT,
                    -100 /* AT_FDCWD */,
                    arena.allocateFrom(path).address(),
                    02000000 | 04000,
                    0,
                    0);
        }
    }

    /**
     * A descriptor of a process by pidfd_open(2), close-on-exec, since Linux 5.3.
     *
     * @param pid a process's id; not one of its other threads'
     * @return the descriptor or a negative errno
     */
    public static int pidFd(int pid) {
        return (int) Syscall.call(CallNumbers.PIDFD_OPEN, pid, 0, 0);
    }

    /**
     * read(2).
     *
     * @param fd the descriptor
     * @param buffer receives the bytes
     * @return how many, 0 at the end, or a negative errno
     */
    public static int read(int fd, MemorySegment buffer) {
        return (int) Syscall.call(CallNumbers.READ, fd, buffer.address(), buffer.byteSize());
    }

    /**
     * A new event counter, close-on-exec and non-blocking, by eventfd2(2).
     *
     * @return the descriptor or a negative errno
     */
    public static int eventFd() {
        return (int) Syscall.call(CallNumbers.EVENTFD2, 0, 02000000 | 04000, 0);
    }

    /**
     * Adds one to an event counter, which makes it readable.
     *
     * @param fd a descriptor of {@link #eventFd()}
     * @return 8 or a negative errno
     */
    public static int signal(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(8, 8);
            one.set(JAVA_LONG, 0, 1);
            return (int) Syscall.call(CallNumbers.WRITE, fd, one.address(), 8);
        }
    }

    /**
     * Sets an event counter to zero, so that it is not readable any more.
     *
     * @param fd a descriptor of {@link #eventFd()}
     * @return 8, or a negative errno: -EAGAIN if it was zero
     */
    public static int drain(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            return read(fd, arena.allocate(8, 8));
        }
    }

    /**
     * A new epoll set, close-on-exec.
     *
     * @return the descriptor or a negative errno
     */
    public static int epollCreate() {
        return (int) Syscall.call(CallNumbers.EPOLL_CREATE1, 02000000);
    }

    /**
     * Adds a descriptor to an epoll set for reading.
     *
     * @param epoll the set
     * @param fd the descriptor
     * @param tag what {@link #epollWait} reports for it
     * @return 0 or a negative errno
     */
    public static int epollAdd(int epoll, int fd, int tag) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment event = arena.allocate(16, 8);
            event.set(JAVA_INT, 0, 1 /* EPOLLIN */);
            event.set(JAVA_INT.withByteAlignment(1), EPOLL_DATA, tag);
            return (int) Syscall.call(CallNumbers.EPOLL_CTL, epoll, 1 /* EPOLL_CTL_ADD */, fd, event.address(), 0);
        }
    }

    /** {@code struct epoll_event} is packed on x86-64 only. */
    static final int EPOLL_DATA = Arch.current() == Arch.X86_64 ? 4 : 8;

    static final int EPOLL_SIZE = EPOLL_DATA + 8;

    /**
     * Waits until a descriptor of an epoll set is readable.
     *
     * @param epoll the set
     * @param tags receives the tags of the readable descriptors
     * @param timeoutMillis how long to wait; -1 for ever, 0 not at all
     * @return how many tags were written, or a negative errno
     */
    public static int epollWait(int epoll, int[] tags, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate((long) EPOLL_SIZE * tags.length, 8);
            int n = (int) Syscall.call(CallNumbers.EPOLL_PWAIT, epoll, events.address(), tags.length, timeoutMillis, 0);
            for (int i = 0; i < n; i++) {
                tags[i] = events.get(JAVA_INT.withByteAlignment(1), (long) i * EPOLL_SIZE + EPOLL_DATA);
            }
            return n;
        }
    }
}
