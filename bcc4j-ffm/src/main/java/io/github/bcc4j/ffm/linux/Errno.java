package io.github.bcc4j.ffm.linux;

import java.util.Map;

/** Linux error numbers by name, the same on x86-64 and aarch64. Source: errno(3) and the kernel's {@code errno-base.h}. */
public final class Errno {
    private Errno() {}

    /** Operation not permitted. */
    public static final int EPERM = 1;

    /** No such file or directory. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** Interrupted system call. */
    public static final int EINTR = 4;

    /** Argument list too long. */
    public static final int E2BIG = 7;

    /** Bad file descriptor. */
    public static final int EBADF = 9;

    /** Resource temporarily unavailable. */
    public static final int EAGAIN = 11;

    /** Cannot allocate memory. */
    public static final int ENOMEM = 12;

    /** Permission denied. */
    public static final int EACCES = 13;

    /** Bad address. */
    public static final int EFAULT = 14;

    /** Device or resource busy. */
    public static final int EBUSY = 16;

    /** File exists. */
    public static final int EEXIST = 17;

    /** No such device. */
    public static final int ENODEV = 19;

    /** Invalid argument. */
    public static final int EINVAL = 22;

    /** Too many open files. */
    public static final int EMFILE = 24;

    /** No space left on device. */
    public static final int ENOSPC = 28;

    /** Function not implemented. */
    public static final int ENOSYS = 38;

    /** Socket operation on something else. */
    public static final int ENOTSOCK = 88;

    /** Operation not supported. */
    public static final int EOPNOTSUPP = 95;

    /** Connection timed out. */
    public static final int ETIMEDOUT = 110;

    /** The kernel's internal "not supported", which leaks out of bpf(2). */
    public static final int ENOTSUPP = 524;

    private record Name(String symbol, String text) {}

    private static final Map<Integer, Name> NAMES = Map.ofEntries(
            Map.entry(1, new Name("EPERM", "Operation not permitted")),
            Map.entry(2, new Name("ENOENT", "No such file or directory")),
            Map.entry(3, new Name("ESRCH", "No such process")),
            Map.entry(4, new Name("EINTR", "Interrupted system call")),
            Map.entry(5, new Name("EIO", "Input/output error")),
            Map.entry(6, new Name("ENXIO", "No such device or address")),
            Map.entry(7, new Name("E2BIG", "Argument list too long")),
            Map.entry(9, new Name("EBADF", "Bad file descriptor")),
            Map.entry(10, new Name("ECHILD", "No child processes")),
            Map.entry(11, new Name("EAGAIN", "Resource temporarily unavailable")),
            Map.entry(12, new Name("ENOMEM", "Cannot allocate memory")),
            Map.entry(13, new Name("EACCES", "Permission denied")),
            Map.entry(14, new Name("EFAULT", "Bad address")),
            Map.entry(16, new Name("EBUSY", "Device or resource busy")),
            Map.entry(17, new Name("EEXIST", "File exists")),
            Map.entry(18, new Name("EXDEV", "Invalid cross-device link")),
            Map.entry(19, new Name("ENODEV", "No such device")),
            Map.entry(20, new Name("ENOTDIR", "Not a directory")),
            Map.entry(21, new Name("EISDIR", "Is a directory")),
            Map.entry(22, new Name("EINVAL", "Invalid argument")),
            Map.entry(23, new Name("ENFILE", "Too many open files in system")),
            Map.entry(24, new Name("EMFILE", "Too many open files")),
            Map.entry(25, new Name("ENOTTY", "Inappropriate ioctl for device")),
            Map.entry(27, new Name("EFBIG", "File too large")),
            Map.entry(28, new Name("ENOSPC", "No space left on device")),
            Map.entry(30, new Name("EROFS", "Read-only file system")),
            Map.entry(32, new Name("EPIPE", "Broken pipe")),
            Map.entry(34, new Name("ERANGE", "Numerical result out of range")),
            Map.entry(35, new Name("EDEADLK", "Resource deadlock avoided")),
            Map.entry(36, new Name("ENAMETOOLONG", "File name too long")),
            Map.entry(38, new Name("ENOSYS", "Function not implemented")),
            Map.entry(40, new Name("ELOOP", "Too many levels of symbolic links")),
            Map.entry(61, new Name("ENODATA", "No data available")),
            Map.entry(71, new Name("EPROTO", "Protocol error")),
            Map.entry(75, new Name("EOVERFLOW", "Value too large for defined data type")),
            Map.entry(84, new Name("EILSEQ", "Invalid or incomplete multibyte or wide character")),
            Map.entry(88, new Name("ENOTSOCK", "Socket operation on non-socket")),
            Map.entry(95, new Name("EOPNOTSUPP", "Operation not supported")),
            Map.entry(98, new Name("EADDRINUSE", "Address already in use")),
            Map.entry(100, new Name("ENETDOWN", "Network is down")),
            Map.entry(110, new Name("ETIMEDOUT", "Connection timed out")),
            Map.entry(116, new Name("ESTALE", "Stale file handle")),
            Map.entry(125, new Name("ECANCELED", "Operation canceled")),
            Map.entry(524, new Name("ENOTSUPP", "Operation is not supported (kernel internal)")));

    /**
     * The symbolic name of an error number.
     *
     * @param errno a positive error number
     * @return {@code EPERM}, ..., or {@code errno 999} for a number without a name here
     */
    public static String name(int errno) {
        Name name = NAMES.get(errno);
        return name == null ? "errno " + errno : name.symbol;
    }

    /**
     * The error number as a person reads it.
     *
     * @param errno a positive error number
     * @return {@code EPERM (Operation not permitted)}
     */
    public static String describe(int errno) {
        Name name = NAMES.get(errno);
        return name == null ? "errno " + errno : name.symbol + " (" + name.text + ")";
    }
}
